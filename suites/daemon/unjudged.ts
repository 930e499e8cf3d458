/**
 * In place of an answer that was not waited for, or that did not come: that is a failure of its own, and whatever comes of
 * it breaks no second requirement. A ledger counts no check whose detail has it.
 */
export const UNJUDGED = "there is no answer to judge";
