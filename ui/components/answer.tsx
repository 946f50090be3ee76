import type { Forecast } from "../forecast.ts";
import { dollars, signedDollars, signedPercent } from "../format.ts";
import { isoInWords } from "../weeks.ts";
import { Waterfall } from "./waterfall.tsx";

/** A forecast in words and in a picture. */
export function Answer({ forecast, before }: {
  forecast: Forecast;
  /** The forecast that this one is held against, before fields were changed. */
  before?: Forecast | null;
}) {
  const { prediction, range, lastYear, terms, date, store, dept, model } = forecast;
  const change = before ? prediction - before.prediction : 0;
  return (
    <>
      <p class="answer-what">
        Store {store}, department {dept}
        {date && <>, week to {isoInWords(date)}</>}
      </p>
      <p class="answer-number">
        <output>{dollars(prediction)}</output>
      </p>
      {Math.round(change) !== 0 && (
        <p class="answer-change">
          {signedDollars(change)}
          {before!.prediction > 0 && <>&nbsp;({signedPercent(change / before!.prediction)})</>}{" "}
          against the forecast before your change
        </p>
      )}
      <dl class="facts">
        {range && (
          <div>
            <dt>Likely range</dt>
            <dd>
              {dollars(range.lower)} to {dollars(range.upper)}
              <small>{range.level} of 100 such weeks fall within it</small>
            </dd>
          </div>
        )}
        {lastYear !== null && (
          <div>
            <dt>Same week last year</dt>
            <dd>
              {dollars(lastYear)}
              {lastYear > 0 && (
                <small>the forecast is {signedPercent(prediction / lastYear - 1)}</small>
              )}
            </dd>
          </div>
        )}
        <div>
          <dt>Model</dt>
          <dd>{model}</dd>
        </div>
      </dl>
      {terms.length > 0 && <Waterfall terms={terms} prediction={prediction} />}
    </>
  );
}
