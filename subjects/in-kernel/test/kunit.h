/* SPDX-License-Identifier: Apache-2.0 */
/* As much of <kunit/test.h> as a suite of vectors uses, in a process: a line for each parameter, "ok NAME" or "not ok NAME: why". */
#pragma once
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KUNIT_PARAM_DESC_SIZE = 128 };
struct kunit { const void *param_value; char why[512]; };
struct kunit_case { const char *name; void (*run)(struct kunit *); const void *(*next)(const void *, char *); };
struct kunit_suite { const char *name; struct kunit_case *test_cases; };

#define KUNIT_ARRAY_PARAM(name, array, describe) \
	static const void *name##_gen_params(const void *before, char *text) \
	{ \
		typeof((array)[0]) *next = before ? (typeof(next))before + 1 : (array); \
		if (next - (array) >= (long)(sizeof(array) / sizeof((array)[0]))) return NULL; \
		describe(next, text); \
		return next; \
	}
#define KUNIT_CASE_PARAM(function, generator) { #function, function, generator }
#define kunit_test_suites(...) static struct kunit_suite *const suites[] = { __VA_ARGS__, NULL }

static void kunit_fail(struct kunit *test, const char *format, ...)
{
	va_list args;
	if (test->why[0])
		return;
	va_start(args, format);
	vsnprintf(test->why, sizeof test->why, format, args);
	va_end(args);
}
#define KUNIT_EXPECT_TRUE_MSG(test, condition, ...) ((condition) ? (void)0 : kunit_fail(test, __VA_ARGS__))
#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...) KUNIT_EXPECT_TRUE_MSG(test, (a) == (b), __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, pointer) KUNIT_EXPECT_TRUE_MSG(test, pointer, #pointer " is NULL")
#define kunit_skip(test, ...) do { kunit_fail(test, __VA_ARGS__); return; } while (0)
#define strscpy(to, from, size) snprintf(to, size, "%s", from)

static int kunit_main(struct kunit_suite *const *suites)
{
	for (; *suites; suites++)
		for (struct kunit_case *c = (*suites)->test_cases; c->name; c++) {
			char name[KUNIT_PARAM_DESC_SIZE];
			struct kunit test = { 0 };
			while ((test.param_value = c->next(test.param_value, name))) {
				test.why[0] = 0;
				c->run(&test);
				printf("%s %s.%s.%s%s%s\n", test.why[0] ? "not ok" : "ok", (*suites)->name, c->name, name,
				       test.why[0] ? ": " : "", test.why);
			}
		}
	return 0;
}
