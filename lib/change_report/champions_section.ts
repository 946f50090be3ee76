import { describeDecision } from "../mlflow/promotion_record.ts";
import type { Comparison } from "./comparison.ts";
import { plain } from "./markdown.ts";

/** Which registered versions became champions, and why. */
export function championsSection({ now: { promotion } }: Comparison): string {
  const lines = ["### Champions", ""];
  if (!promotion) return [...lines, "Not logged to MLflow, so nothing was decided."].join("\n");
  lines.push(
    ...promotion.decisions.map((decision) =>
      `- ${decision.promoted ? "🏆 " : ""}${plain(describeDecision(decision))}`
    ),
  );
  const { challenger } = promotion;
  if (challenger) {
    lines.push(
      "",
      `The challenger is ${plain(challenger.name)}, version ${plain(challenger.version)}.`,
    );
  }
  return lines.join("\n");
}
