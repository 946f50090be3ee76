import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { parseDay } from "../../lib/features/calendar.ts";
import { checkValue, explainValue } from "../../lib/features/check_value.ts";
import { type FeatureName, FEATURES } from "../../lib/features/table.ts";
import { forget, keep, type Kept, recall } from "../batch/kept.ts";
import { type Mapping, missingColumns } from "../batch/match_columns.ts";
import type { Checked, FromWorker, Opened, ToWorker } from "../batch/messages.ts";
import { summarise } from "../batch/summary.ts";
import { readValue, type RowError } from "../batch/table.ts";
import { Chart } from "../components/chart.tsx";
import { ModelOptions } from "../components/model_options.tsx";
import { FailureNotice, Notice } from "../components/notice.tsx";
import { ResultTable } from "../components/result_table.tsx";
import type { Failure } from "../failures.ts";
import type { ModelChoice } from "../forecast.ts";
import { bytes, count, counted, dollars, seconds } from "../format.ts";

/** What the server knows when it renders the page. */
export interface BatchProps {
  models: ModelChoice[];
  model: string;
  /** Address of the worker's program. */
  worker: string;
}

type Stage =
  | { name: "choose"; problem?: string }
  | { name: "opening" }
  | { name: "opened" }
  | { name: "checking"; rows: number; share: number }
  | { name: "checked"; checked: Checked }
  | { name: "sending"; done: number; seconds: number; checked: Checked }
  | { name: "paused"; done: number; failure: Failure; checked: Checked }
  | { name: "finished" };

/** The page of batches: choose a file, look at it, send it, and get it back with forecasts. */
export default function BatchIsland({ models, model: usual, worker: address }: BatchProps) {
  const [stage, setStage] = useState<Stage>({ name: "choose" });
  const [model, setModel] = useState(usual);
  const [file, setFile] = useState<File | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [kept, setKept] = useState<Kept | null>(null);
  const [exporting, setExporting] = useState(false);
  const worker = useRef<Worker | null>(null);
  // What the worker's messages are about, for a listener that is set once.
  const current = useRef({ file, opened, checked: null as Checked | null });
  current.current.file = file;
  current.current.opened = opened;
  const choice = models.find(({ name }) => name === model) ?? models[0]!;

  useEffect(() => {
    const started = worker.current = new Worker(address, { type: "module" });
    started.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
    started.onerror = () =>
      setStage({ name: "choose", problem: "This page could not start its reader. Load it again." });
    void recall().then((found) => {
      if (!found) return;
      setKept(found);
      setStage((stage) => stage.name === "choose" ? { name: "finished" } : stage);
    });
    return () => started.terminate();
  }, []);

  // A batch that runs is not lost by a slip.
  useEffect(() => {
    if (stage.name !== "sending") return;
    const warn = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [stage.name]);

  const tell = (message: ToWorker) => worker.current!.postMessage(message);

  function hear(message: FromWorker) {
    switch (message.type) {
      case "opened": {
        setOpened(message.opened);
        setMapping(message.opened.mapping);
        if (missingColumns(message.opened.mapping).length > 0) return setStage({ name: "opened" });
        setStage({ name: "checking", rows: 0, share: 0 });
        return tell({ type: "check", mapping: message.opened.mapping });
      }
      case "refused":
        return setStage({ name: "choose", problem: message.message });
      case "checking":
        return setStage({ name: "checking", rows: message.rows, share: message.share });
      case "checked":
        current.current.checked = message.checked;
        return setStage({ name: "checked", checked: message.checked });
      case "progress":
        return setStage((stage) =>
          stage.name === "sending"
            ? { ...stage, done: message.done, seconds: message.seconds }
            : stage
        );
      case "paused": {
        const { done, failure } = message;
        return setStage({ name: "paused", done, failure, checked: current.current.checked! });
      }
      case "finished": {
        const { file, opened } = current.current;
        const done = { file: file!, format: opened!.format, result: message.result };
        setKept(done);
        setStage({ name: "finished" });
        return void keep(done);
      }
      case "exported":
        setExporting(false);
        return download(message.blob, `forecasts-${current.current.file?.name ?? "batch.csv"}`);
    }
  }

  function choose(file: File | undefined) {
    if (!file) return;
    setFile(file);
    setOpened(null);
    setStage({ name: "opening" });
    tell({ type: "open", file });
  }

  function check(mapping: Mapping) {
    setMapping(mapping);
    if (missingColumns(mapping).length > 0) return setStage({ name: "opened" });
    setStage({ name: "checking", rows: 0, share: 0 });
    tell({ type: "check", mapping });
  }

  function send() {
    const { checked } = current.current;
    setStage({ name: "sending", done: 0, seconds: 0, checked: checked! });
    const level = choice.intervals.toSorted((a, b) => a - b)[0] ?? null;
    tell({ type: "send", model, level, origin: parseDay(choice.origin) ?? 0 });
  }

  function startOver() {
    tell({ type: "cancel" });
    setFile(null);
    setOpened(null);
    setKept(null);
    void forget();
    setStage({ name: "choose" });
  }

  if (stage.name === "finished" && kept) {
    return (
      <Result
        kept={kept}
        exporting={exporting}
        onExport={() => {
          setExporting(true);
          current.current.file ??= kept.file;
          tell({ type: "export", ...kept });
        }}
        onAgain={startOver}
      />
    );
  }
  const isReady = stage.name === "checked" && stage.checked.badRows < stage.checked.rows;
  return (
    <div class="stack">
      <noscript>
        <Notice tone="hint" title="This page needs JavaScript">
          <p>Single forecasts work without it. Programs can post a CSV to the forecast service.</p>
        </Notice>
      </noscript>
      {stage.name === "choose" && stage.problem && (
        <Notice title="This file cannot be used">
          <p>{stage.problem}</p>
        </Notice>
      )}
      {stage.name === "choose" || stage.name === "opening"
        ? <Chooser busy={stage.name === "opening"} onChoose={choose} />
        : (
          <div class="file-line card">
            <div>
              <strong>{file?.name}</strong>
              <span class="hint">
                {file && bytes(file.size)}
                {opened && `, ${formatInWords(opened)}`}
              </span>
            </div>
            {stage.name !== "sending" && (
              <button type="button" class="quiet" onClick={startOver}>Choose another file</button>
            )}
          </div>
        )}
      {opened && stage.name !== "choose" && stage.name !== "sending" && stage.name !== "paused" && (
        <>
          <MappingStep opened={opened} mapping={mapping} onChange={check} />
          <Preview opened={opened} mapping={mapping} />
        </>
      )}
      {stage.name === "checking" && (
        <Progress
          label="Looking at every row"
          share={stage.share}
          text={`${count(stage.rows)} rows so far`}
        />
      )}
      {stage.name === "checked" && (
        <section class="card" aria-live="polite">
          <h2>{verdict(stage.checked)}</h2>
          {stage.checked.badRows > 0 && (
            <>
              <p class="soft">
                {isReady
                  ? "The others can be forecast now. What is listed here stays in the file you get " +
                    "back, with its reason and without a forecast."
                  : "Change the file, or say above which column is which."}
              </p>
              <ErrorList errors={stage.checked.errors} badRows={stage.checked.badRows} />
            </>
          )}
          {isReady && (
            <form
              class="send"
              onSubmit={(event) => {
                event.preventDefault();
                send();
              }}
            >
              <div class="field">
                <label for="batch-model">Model</label>
                <select
                  id="batch-model"
                  value={model}
                  onInput={(event) => setModel(event.currentTarget.value)}
                >
                  <ModelOptions models={models} chosen={model} />
                </select>
              </div>
              <button type="submit">
                Forecast {counted(stage.checked.rows - stage.checked.badRows, "row")}
              </button>
            </form>
          )}
        </section>
      )}
      {stage.name === "sending" && (
        <Sending
          done={stage.done}
          rows={stage.checked.rows}
          spent={stage.seconds}
          onCancel={() => tell({ type: "cancel" })}
        />
      )}
      {stage.name === "paused" && (
        <>
          <FailureNotice
            title={`Stopped after ${count(stage.done)} of ${count(stage.checked.rows)} rows`}
            failure={{
              ...stage.failure,
              message:
                `${stage.failure.message} What is done is kept: the batch goes on from here.`,
              canRetry: true,
            }}
            retry={send}
          />
          <p>
            <button type="button" class="quiet" onClick={startOver}>Choose another file</button>
          </p>
        </>
      )}
    </div>
  );
}

function Chooser(
  { busy, onChoose }: { busy: boolean; onChoose: (file: File | undefined) => void },
) {
  const [over, setOver] = useState(false);
  return (
    <div class="split even">
      <div
        class={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          onChoose(event.dataTransfer?.files[0]);
        }}
      >
        <label for="batch-file">{busy ? "Opening the file" : "Choose a CSV file"}</label>
        <p class="hint" id="batch-file-hint">
          Or drop it here. Commas, semicolons or tabs; any order of columns; columns of your own
          stay.
        </p>
        <input
          type="file"
          id="batch-file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-describedby="batch-file-hint"
          disabled={busy}
          onChange={(event) => {
            onChoose(event.currentTarget.files?.[0]);
            // So that the same file can be chosen again after it was mended.
            event.currentTarget.value = "";
          }}
        />
      </div>
      <section>
        <h2>What the file needs</h2>
        <p class="soft">
          One row for each store, department and week. The first line names columns.
        </p>
        <p class="downloads">
          <a class="button quiet" href="/batch/sample.csv" download>A sample to try</a>
          <a class="button quiet" href="/batch/template.csv" download>An empty template</a>
        </p>
        <details>
          <summary>All columns</summary>
          <table class="data columns">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">What it holds</th>
              </tr>
            </thead>
            <tbody>
              {FEATURES.map(({ name, description, missing }) => (
                <tr key={name}>
                  <th scope="row">
                    <code>{name}</code>
                    {missing === "keep" && <small>optional</small>}
                  </th>
                  <td>{description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </section>
    </div>
  );
}

function MappingStep(
  { opened, mapping, onChange }: {
    opened: Opened;
    mapping: Mapping;
    onChange: (mapping: Mapping) => void;
  },
) {
  const missing = missingColumns(mapping);
  const labels = FEATURES.filter(({ name }) => missing.includes(name)).map(({ label }) => label);
  return (
    <>
      {missing.length > 0 && (
        <Notice title="Which column is which?">
          <p>
            No column was found for{" "}
            {labels.join(", ")}. Choose it below, or add it to the file and choose that again.
          </p>
        </Notice>
      )}
      <details class="card mapping" open={missing.length > 0}>
        <summary>Columns: {count(Object.keys(mapping).length)} of {FEATURES.length} found</summary>
        <div class="mapping-fields">
          {FEATURES.map((feature) => {
            const id = `map-${feature.name}`;
            const isMissing = missing.includes(feature.name);
            return (
              <div key={feature.name} class={isMissing ? "field wrong" : "field"}>
                <label for={id}>{feature.label}</label>
                <select
                  id={id}
                  value={mapping[feature.name] ?? ""}
                  aria-invalid={isMissing || undefined}
                  onInput={(event) =>
                    onChange(withColumn(mapping, feature.name, event.currentTarget.value))}
                >
                  <option value="">
                    {feature.missing === "keep" ? "None: leave it out" : "Choose a column"}
                  </option>
                  {opened.header.map((name, place) => (
                    <option key={place} value={place}>{name || `Column ${place + 1}`}</option>
                  ))}
                </select>
              </div>
            );
          })}
        </div>
      </details>
    </>
  );
}

function withColumn(mapping: Mapping, name: FeatureName, place: string): Mapping {
  const { [name]: _, ...others } = mapping;
  return place === "" ? others : { ...others, [name]: Number(place) };
}

function Preview({ opened, mapping }: { opened: Opened; mapping: Mapping }) {
  const { header, first, format } = opened;
  const features = new Map(
    FEATURES.flatMap((feature) => {
      const place = mapping[feature.name];
      return place === undefined ? [] : [[place, feature] as const];
    }),
  );
  const problemOf = (cells: readonly string[], place: number): string | undefined => {
    const feature = features.get(place);
    if (!feature) return undefined;
    const value = readValue(feature, cells[place] ?? "", format.delimiter !== ",");
    return checkValue(feature, value) === undefined ? undefined : explainValue(feature, value);
  };
  return (
    <section class="card">
      <h2>The first rows</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="The first rows of the file">
        <table class="data preview">
          <thead>
            <tr>
              <th scope="col" class="number">Line</th>
              {header.map((name, place) => (
                <th key={place} scope="col">
                  {name || `Column ${place + 1}`}
                  {!features.has(place) && <small>kept as it is</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first.map(({ line, cells }) => (
              <tr key={line}>
                <th scope="row" class="number">{line}</th>
                {header.map((_, place) => {
                  const problem = problemOf(cells, place);
                  return (
                    <td key={place} class={problem ? "bad" : undefined}>
                      {cells[place] || <span class="soft">empty</span>}
                      {problem && <small>{problem}</small>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Progress({ label, share, text }: { label: string; share: number; text: string }) {
  return (
    <section class="card progress" aria-live="off">
      <label for="batch-progress">{label}</label>
      <progress id="batch-progress" max={1} value={share} />
      <p class="soft">{text}</p>
    </section>
  );
}

function Sending(
  { done, rows, spent, onCancel }: {
    done: number;
    rows: number;
    spent: number;
    onCancel: () => void;
  },
) {
  const rate = done / (spent || 1);
  const text = done === 0
    ? "Starting"
    : `${count(done)} of ${count(rows)} rows, ${count(rate)} a second, about ` +
      `${seconds((rows - done) / rate)} left`;
  return (
    <>
      <Progress label="Making the forecasts" share={done / rows} text={text} />
      <p class="actions">
        <button type="button" class="quiet" onClick={onCancel}>Cancel</button>
      </p>
    </>
  );
}

/** How many errors are listed on the page. */
const LISTED = 100;

function ErrorList({ errors, badRows }: { errors: RowError[]; badRows: number }) {
  return (
    <div class="scroll errors" tabIndex={0} role="region" aria-label="Rows with problems">
      <table class="data">
        <thead>
          <tr>
            <th scope="col" class="number">Line</th>
            <th scope="col">Column</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {errors.slice(0, LISTED).map(({ line, column, message }) => (
            <tr key={`${line} ${column}`}>
              <td class="number">{line}</td>
              <td>{column}</td>
              <td class="wraps">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {errors.length > LISTED && (
        <p class="hint">
          The first {LISTED} problems; {counted(badRows, "row")} in all. The file with the forecasts
          {" "}
          tells the others.
        </p>
      )}
    </div>
  );
}

function Result(
  { kept, exporting, onExport, onAgain }: {
    kept: Kept;
    exporting: boolean;
    onExport: () => void;
    onAgain: () => void;
  },
) {
  const { result } = kept;
  const summary = useMemo(() => summarise(result), [result]);
  return (
    <div class="stack">
      <section class="card" aria-live="polite">
        <p class="answer-what">{result.fileName}, by {result.model}</p>
        <p class="answer-number">{dollars(summary.total)}</p>
        <dl class="facts">
          <Fact name="Rows with a forecast" value={count(summary.forecasts)} />
          <Fact name="Mean of a row" value={dollars(summary.mean)} />
          <Fact name="Rows with problems" value={count(result.badRows)} />
          {result.unsentRows > 0 && <Fact name="Not sent" value={count(result.unsentRows)} />}
          <Fact name="Time" value={seconds(result.seconds)} />
        </dl>
        <p class="actions">
          <button type="button" disabled={exporting} onClick={onExport}>
            {exporting ? "Writing the file" : "Download with forecasts"}
          </button>
          <button type="button" class="quiet" onClick={onAgain}>Forecast another file</button>
        </p>
        <p class="hint">
          This result stays in this browser until you start another, also when you leave the page.
        </p>
      </section>
      {result.unsentRows > 0 && (
        <Notice tone="hint" title="You cancelled this batch">
          <p>
            The first {count(result.rows - result.unsentRows)}{" "}
            rows are done and can be downloaded; the others have no forecast.
          </p>
        </Notice>
      )}
      {result.badRows > 0 && (
        <section class="card">
          <h2>{counted(result.badRows, "row")} without a forecast</h2>
          <ErrorList errors={result.errors} badRows={result.badRows} />
        </section>
      )}
      <section class="card">
        <h2>All rows</h2>
        <ResultTable result={result} />
      </section>
      {summary.charts.map((spec) => (
        <div key={spec.title} class="card">
          <Chart spec={spec} />
        </div>
      ))}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function verdict({ rows, badRows }: Checked): string {
  if (badRows === 0) return `All ${counted(rows, "row")} can be forecast.`;
  if (badRows === rows) return "No row can be forecast as it is.";
  return `${counted(badRows, "row")} of ${count(rows)} ${
    badRows === 1 ? "has" : "have"
  } a problem.`;
}

function formatInWords({ format: { encoding, delimiter } }: Opened): string {
  const names: Record<string, string> = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
  };
  const plain = encoding === "utf-8" ? "" : `, written in ${encoding}`;
  return `cells separated by ${names[delimiter]}${plain}`;
}

function download(blob: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
