import type { MatrixRow } from "../../suites/index.ts";

/** Whether a row's cells are not all the same. */
export const differs = ({ cells }: MatrixRow): boolean => new Set(cells).size > 1;

/** Whether the row's i-th profile differs from the one before. */
export const turns = ({ cells }: MatrixRow, i: number): boolean => i > 0 && cells[i] !== cells[i - 1];
