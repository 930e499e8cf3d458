/* SPDX-License-Identifier: Apache-2.0 */
/* As much of JSON as vectors need: it is read in place, and a value is where it begins. Of a text that is no JSON a
 * member or an item comes out as NULL, or a text as another; nothing is read past the NUL at its end. */
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline const char *json_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* Behind the string that begins here. */
static inline const char *json_string_end(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1]) at++;
    return *at ? at + 1 : at;
}

/* Behind the value that begins here. */
static inline const char *json_end(const char *at)
{
    size_t depth = 0;
    do {
        at = json_space(at);
        if (*at == '"') at = json_string_end(at);
        else if (*at == '{' || *at == '[') depth++, at++;
        else if (*at == '}' || *at == ']') depth--, at++;
        else if (*at == ',' || *at == ':') at++;
        else at += strcspn(at, ",:]} \t\r\n");
    } while (*at && depth > 0);
    return at;
}

/* The first item of a list, and the one behind another; NULL: there is none. */
static inline const char *json_item(const char *at, char before)
{
    at = at ? json_space(at) : "";
    if (*at != before) return NULL;
    at = json_space(at + 1);
    return *at == ']' || *at == '}' || !*at ? NULL : at;
}
static inline const char *json_first(const char *list) { return json_item(list, '['); }
static inline const char *json_next(const char *item) { return json_item(json_end(item), ','); }

/* The member of an object; NULL: there is none. */
static inline const char *json_member(const char *object, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = json_item(object, '{'); at && *at == '"';) {
        const char *colon = json_space(json_string_end(at));
        if (*colon != ':') return NULL;
        const char *value = json_space(colon + 1);
        if (strncmp(at + 1, key, length) == 0 && at[1 + length] == '"') return value;
        at = json_next(value);
    }
    return NULL;
}

/* Whether the value is this string; escapes are not undone. */
static inline int json_is(const char *value, const char *text)
{
    size_t length = strlen(text);
    return value && *value == '"' && strncmp(value + 1, text, length) == 0 && value[1 + length] == '"';
}

/* Whether the value is this number, or a string of its digits, as a u64 is: a JSON number loses bits above 2^53. */
static inline int json_counts(const char *value, uint64_t n)
{
    char *end = NULL;
    if (!value) return 0;
    value += *value == '"';
    return *value >= '0' && *value <= '9' && strtoull(value, &end, 10) == n && end > value && *end != '.';
}
