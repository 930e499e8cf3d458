/** A mistake of the user's: wrong flag, unreadable or odd file, pattern that matches nothing. Exit status 2. */
export class UsageError extends Error {
  readonly exitStatus = 2;
}

/** The subject could not be built or started. Exit status 3. */
export class SubjectError extends Error {
  readonly exitStatus = 3;
}
