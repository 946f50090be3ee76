import { UserError } from "../errors.ts";

/** What a failure means for another try. */
export interface FailureFacts {
  /** HTTP status, or null where there was no answer. */
  status?: number;
  /** MLflow's error code, for example `RESOURCE_DOES_NOT_EXIST`. */
  code?: string;
  /** Whether another try may work. */
  mayPass?: boolean;
  /** Whether the server may have done what was asked for. */
  mayBeDone?: boolean;
  /** Milliseconds that the server asks to wait. */
  retryAfter?: number | null;
}

/** A request failed. */
export class RequestError extends UserError {
  readonly status: number | null;
  readonly code: string | null;
  readonly mayPass: boolean;
  readonly mayBeDone: boolean;
  readonly retryAfter: number | null;

  constructor(message: string, facts: FailureFacts) {
    super(message);
    this.status = facts.status ?? null;
    this.code = facts.code ?? null;
    this.mayPass = facts.mayPass ?? false;
    this.mayBeDone = facts.mayBeDone ?? true;
    this.retryAfter = facts.retryAfter ?? null;
  }
}
