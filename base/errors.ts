/** The user made a mistake: wrong flag, unreadable or malformed file, pattern that matches nothing. Exit status 2. */
export class UsageError extends Error {
  readonly exitStatus = 2;
}

/** The subject cannot be built or started. Exit status 3. */
export class SubjectError extends Error {
  readonly exitStatus = 3;
}
