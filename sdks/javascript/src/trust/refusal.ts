// Why metadata is not trusted.

/**
 * `old`: a version is behind one that was seen, or is not the one that another file names (rollback, mix-and-match);
 * `expired`: past its date (freeze); `unsigned`: too few signatures of keys that count; `mixed`: not the file whose length
 * and hash another names; `missing`: a file is not there; `invalid`: not such metadata; `storage`: what was seen can't be kept.
 */
export type Why = "old" | "expired" | "unsigned" | "mixed" | "missing" | "invalid" | "storage";

/** Metadata that is not trusted; `message` names the role and what is wrong. */
export class Refusal extends Error {
  readonly why: Why;

  constructor(why: Why, detail: string) {
    super(detail);
    this.why = why;
  }
}
