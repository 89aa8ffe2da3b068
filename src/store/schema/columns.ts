/** JSON as text. */
export type Json = string;
/** Epoch ms. */
export type Instant = number;
/** 0 or 1. */
export type Flag = number;
