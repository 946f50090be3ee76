import { BASELINE } from "../evaluation/baseline.ts";
import { UserError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { type ChampionFigure, decide } from "../promotion/decide.ts";
import { measureChampion, type SplitTables } from "../promotion/measure_champion.ts";
import type { MlflowClient } from "./client.ts";
import type { ModelVersion } from "./entities.ts";
import type { RegisteredModel } from "./log_model.ts";
import { readModelFile } from "./model_file.ts";
import { parseDecision, type Promotion, type PromotionDecision } from "./promotion_record.ts";
import type { Results } from "./results.ts";

/** Aliases of a registered model: the version to use, and the one that may take its place. */
export const CHAMPION = "champion", CHALLENGER = "challenger";

/** Tag of a version: its {@linkcode PromotionDecision} as JSON. */
const DECISION_TAG = "promotion";

/** What deciding needs besides the registry. */
export interface PromotionInput extends Pick<Results, "best" | "naive" | "params" | "split"> {
  runId: string;
  registered: RegisteredModel[];
  /** Reads data/processed; called where a champion has to be measured anew. */
  readTables: () => Promise<SplitTables>;
}

/**
 * Moves the aliases: `challenger` to this run's best, and `champion` of each registered model to its
 * new version where this beats seasonal naive and the present champion. Decisions are kept as a tag
 * of the version, so that a second call repeats them and measures nothing anew.
 */
export async function promoteVersions(
  client: MlflowClient,
  input: PromotionInput,
): Promise<Promotion> {
  const decisions: PromotionDecision[] = [];
  for (const registered of input.registered) {
    decisions.push(await promoteVersion(client, registered, input));
  }
  const best = input.registered.find(({ candidate }) => candidate === input.best);
  const challenger = best && input.split === "time"
    ? { name: best.version.name, version: best.version.version }
    : null;
  if (challenger) await moveChallenger(client, challenger, input);
  return { run_id: input.runId, challenger, decisions };
}

async function promoteVersion(
  client: MlflowClient,
  registered: RegisteredModel,
  input: PromotionInput,
): Promise<PromotionDecision> {
  const { name, version, tags } = registered.version;
  const known = tags[DECISION_TAG];
  const decision = known === undefined
    ? await decideVersion(client, registered, input)
    : parseDecision(known, `The tag ${DECISION_TAG} of ${name} version ${version}`);
  // Before the alias moves: a try that is interrupted between them goes on where it was.
  if (known === undefined) {
    await client.setVersionTag(name, version, DECISION_TAG, JSON.stringify(decision));
  }
  if (!decision.promoted) return decision;
  const present = (await client.getVersionByAlias(name, CHAMPION))?.version;
  // Since an earlier try has decided, a later run or somebody may have moved it: that stays.
  if (present !== version && present !== decision.champion?.version) return decision;
  await client.setAlias(name, CHAMPION, version);
  if (input.params.registry.stages) {
    await client.transitionStage(name, version, "Production", true);
  }
  return decision;
}

async function decideVersion(
  client: MlflowClient,
  { version: { name, version }, model, metrics }: RegisteredModel,
  { params, split, naive, readTables }: PromotionInput,
): Promise<PromotionDecision> {
  const { select: { metric }, registry: { margin, refresh } } = params;
  const own = metrics[`val_${metric}`]!;
  const champion = await client.getVersionByAlias(name, CHAMPION);
  const base = {
    name,
    version,
    metric,
    margin,
    figures: { version: own, [BASELINE]: naive } as PromotionDecision["figures"],
    champion: champion && { version: champion.version },
  };
  if (split !== "time") {
    const reason = "Figures of a random split are no forecast's, so that no alias moves.";
    return { ...base, promoted: false, reason };
  }
  let figure: ChampionFigure | string | null = null;
  let isNewer = false;
  if (champion) {
    const found = await readChampion(client, champion);
    if (typeof found === "string") figure = found;
    else {
      const rivals = { champion: found, training: model.training, metric };
      figure = await measureChampion(rivals, readTables, params);
      isNewer = model.training.weeks.last > found.training.weeks.last;
    }
  }
  const verdict = decide({
    metric,
    margin,
    refresh,
    challenger: own,
    naive,
    champion: figure,
    isNewer,
  });
  if (typeof figure === "string" || figure === null) return { ...base, ...verdict };
  const { value, comparison } = figure;
  return {
    ...base,
    ...verdict,
    figures: { ...base.figures, champion: value },
    champion: { version: champion!.version, comparison },
  };
}

/** The champion's model, or why it cannot be compared, as a sentence. */
async function readChampion(
  client: MlflowClient,
  version: ModelVersion,
): Promise<Model | string> {
  const refused = (why: string) =>
    `The champion, version ${version.version}, cannot be compared: ${why} Where this version is to ` +
    `take its place, promote it by hand.`;
  if (!version.modelId) return refused("it was registered without a logged model.");
  try {
    return (await readModelFile(client, await client.getLoggedModel(version.modelId), version))
      .model;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return refused(error.message);
  }
}

/** There is one challenger among all candidates. */
async function moveChallenger(
  client: MlflowClient,
  { name, version }: { name: string; version: string },
  { registered, params }: PromotionInput,
): Promise<void> {
  await client.setAlias(name, CHALLENGER, version);
  for (const { version: other } of registered) {
    if (other.name === name) continue;
    if (await client.getVersionByAlias(other.name, CHALLENGER)) {
      await client.deleteAlias(other.name, CHALLENGER);
    }
  }
  const promoted = await client.getVersionByAlias(name, CHAMPION);
  if (params.registry.stages && promoted?.version !== version) {
    await client.transitionStage(name, version, "Staging", false);
  }
}
