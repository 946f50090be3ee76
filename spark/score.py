"""Scores a table of any size with a registered model, on a Spark cluster.

    spark-submit spark/score.py --model models:/retail-demand-gbr@champion \\
        --input s3a://sales/coming.parquet --output s3a://sales/scored

The output has all columns of the input and beside them `prediction`, the model's further outputs
(its prediction intervals), `model_name` and `model_version`. Spark writes its empty file `_SUCCESS`
last: without it the output is not whole.

An alias is looked up once, by the driver, which also fetches the model; the executors get it from
the driver. So all rows are scored by one version, and only the driver has to reach MLflow.
"""

import argparse
import re
import sys
import time
from dataclasses import dataclass

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model
from mlflow.types.schema import ColSpec
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, Observation, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

# How people write that a value is missing, in CSV.
MISSING = ("", "NA")

# What a model's input may be, in words; see to_type().
WORDS = {
    T.LongType(): "a whole number",
    T.DoubleType(): "a number",
    T.BooleanType(): "TRUE or FALSE",
    T.StringType(): "text",
}

# What Spark says where a table is at fault, and the sentence that it becomes.
KNOWN_FAILURES = {
    r"\[USER_RAISED_EXCEPTION\] (.*?) SQLSTATE": r"\1. Correct it and run again.",
    r"\[PATH_NOT_FOUND\] Path does not exist: (\S+)\. ": (
        r"\1 does not exist: give another --input."
    ),
    r"\[PATH_ALREADY_EXISTS\] Path (\S+) ": (
        r"\1 is there already (whole if it holds _SUCCESS): "
        "give another --output, or --overwrite to replace it."
    ),
    r"\[MALFORMED_CSV_RECORD\] Malformed CSV record: (.*?) SQLSTATE": (
        r'Expected as many values as the header has columns, but found the row "\1".'
    ),
    r"(?:in CSV header is not equal|CSV header does not conform).*?CSV file: (\S+)": (
        r"Expected the columns of the input's other files, in their order, but \1 has others."
    ),
    # The model's own; its row is one of the batch, which says nothing here.
    r"\nValueError: Row \d+: ([^\n]*)": r"The model refused a record: \1",
}


class UserError(Exception):
    """A mistake of whoever runs this, in a sentence for them."""


@dataclass(frozen=True)
class Version:
    """A version of a registered model, and the folder where its files now are."""

    name: str
    number: int
    folder: str


def parse_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="spark-submit spark/score.py",
        description="Scores a table of any size with a registered model, on a Spark cluster.",
        epilog="PATH: local or in an object store, a file or a folder of files. "
        "Run with the Python packages of spark/requirements.txt on all machines.",
    )
    formats = ["parquet", "csv"]
    add = parser.add_argument
    add("--model", required=True, metavar="URI", help="models:/NAME@ALIAS or models:/NAME/VERSION")
    add("--input", required=True, metavar="PATH", help="table to score, one record a row")
    add("--output", required=True, metavar="PATH", help="folder that is made for the scored table")
    add("--input-format", choices=formats, help="default: by the ending of --input")
    add("--output-format", choices=formats, help="default: by the ending of --output, else parquet")
    add("--overwrite", action="store_true", help="replace an output that is there")
    add("--partitions", type=positive, metavar="N", help="parts to score; default: those of the input")
    add("--tracking-uri", metavar="URI", help="MLflow server; default: MLFLOW_TRACKING_URI")
    arguments = parser.parse_args(words)
    arguments.input_format = arguments.input_format or format_of(arguments.input)
    arguments.output_format = arguments.output_format or format_of(arguments.output) or "parquet"
    if arguments.input_format is None:
        parser.error(f"{arguments.input} ends neither in .parquet nor in .csv: give --input-format")
    if f"{arguments.input}/".startswith(f"{arguments.output.rstrip('/')}/"):
        parser.error(f"{arguments.input} lies in {arguments.output}: give another --output")
    return arguments


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def format_of(path: str) -> str | None:
    """The format that the ending of a path tells; CSV may be compressed."""
    found = re.search(r"\.(parquet|csv)(\.\w+)?/?$", path)
    return found[1] if found else None


def fetch_model(uri: str) -> Version:
    """Brings the files of a registered model; an alias that moves later changes nothing."""
    parts = re.fullmatch(r"models:/([^/@]+)(?:@([^/@]+)|/(\d+))", uri)
    if parts is None:
        raise UserError(
            f"Expected models:/NAME@ALIAS or models:/NAME/VERSION for --model, but found {uri}."
        )
    name, alias, number = parts.groups()
    try:
        if alias is not None:
            number = mlflow.MlflowClient().get_model_version_by_alias(name, alias).version
        folder = mlflow.artifacts.download_artifacts(f"models:/{name}/{number}")
    except MlflowException as error:
        raise UserError(
            f"{uri} was not fetched from {mlflow.get_tracking_uri()}: {first_line(error)}"
        ) from error
    return Version(name, int(number), folder)


def read_table(spark: SparkSession, path: str, kind: str) -> DataFrame:
    if kind == "parquet":
        return spark.read.parquet(path)
    # All text: what a column means is the model's to say. A row with too few or too many values
    # fails, and so does a file of a folder whose header is another.
    options = {"header": True, "mode": "FAILFAST", "enforceSchema": False, "escape": '"'}
    return spark.read.options(**options).csv(path)


def prepare(frame: DataFrame, inputs: list[ColSpec]) -> DataFrame:
    """The table with a struct `model_input` for the columns that the model takes, as its types.

    Values that cannot be read as these types, and missing ones that must be there, fail while the
    table is scored, with the file and the row. Optional columns may be left out.
    """
    fields = {field.name: field.dataType for field in frame.schema}
    missing = [spec.name for spec in inputs if spec.required and spec.name not in fields]
    if missing:
        raise UserError(
            f"Expected the columns that the model needs, but {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing from the input: "
            f"it has {', '.join(fields)}."
        )
    values = {
        spec.name: to_type(spec.name, fields.get(spec.name), spec.type.to_spark())
        for spec in inputs
    }
    problems = [
        F.when(problem(spec, fields[spec.name], values[spec.name]), complaint(spec))
        for spec in inputs
        if spec.name in fields
    ]
    found = F.coalesce(*problems)
    place = F.concat(F.lit(" in "), F.input_file_name(), F.lit(", row "), F.to_json(F.struct("*")))
    model_input = F.struct(*(value.alias(name) for name, value in values.items()))
    checked = F.when(found.isNull(), model_input).otherwise(F.raise_error(F.concat(found, place)))
    others = [quoted(name) for name in fields if name not in values]
    return frame.select(*others, checked.alias("model_input"))


def to_type(name: str, found: T.DataType | None, wanted: T.DataType) -> Column:
    """A column as the type that the model takes: null where it is missing or cannot be read so."""
    if found is None:
        return F.lit(None).cast(wanted)
    value = text_of(name) if found == T.StringType() else F.col(quoted(name))
    if found == wanted or isinstance(found, T.StringType) and wanted == T.BooleanType():
        return value.try_cast(wanted)
    if isinstance(found, (T.NumericType, T.StringType)) and wanted == T.DoubleType():
        return value.try_cast(wanted)
    if isinstance(found, (T.NumericType, T.StringType)) and wanted == T.LongType():
        # 3.0 is a whole number too; it is what pandas makes of one beside missing values.
        number = value.try_cast(T.DoubleType())
        whole = number.try_cast(wanted)
        return F.when(whole == number, whole)
    raise UserError(
        f"Column {name} of the input is {found.simpleString()}, "
        f"but the model takes {WORDS[wanted]} there."
    )


def text_of(name: str) -> Column:
    text = F.trim(F.col(quoted(name)))
    return F.when(~text.isin(*MISSING), text)


def problem(spec: ColSpec, found: T.DataType, value: Column) -> Column:
    """Where a value is null that must not be, or has become so by to_type()."""
    if spec.required:
        return value.isNull()
    given = text_of(spec.name) if found == T.StringType() else F.col(quoted(spec.name))
    return value.isNull() & given.isNotNull()


def complaint(spec: ColSpec) -> Column:
    found = F.coalesce(F.col(quoted(spec.name)).cast("string"), F.lit(""))
    expected = f'Expected {WORDS[spec.type.to_spark()]} in column {spec.name}, but found "'
    return F.concat(F.lit(expected), found, F.lit('"'))


def quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def score(
    spark: SparkSession, frame: DataFrame, version: Version, partitions: int | None
) -> DataFrame:
    """The table with what the model says, and which model it is."""
    signature = Model.load(version.folder).signature
    if signature is None or signature.outputs is None:
        raise UserError(f"{version.name} version {version.number} has no signature.")
    first, *further = signature.outputs.input_names()
    added = ["prediction", *further, "model_name", "model_version"]
    taken = [name for name in [*added, "model_input"] if name in frame.columns]
    if taken:
        raise UserError(f"The input has a column {taken[0]} already: rename or drop it.")
    predict = mlflow.pyfunc.spark_udf(spark, version.folder, env_manager="local")
    prepared = prepare(frame, list(signature.inputs))
    if partitions is not None:
        # Not before: only the task that reads a file knows its name.
        prepared = prepared.repartition(partitions)
    scored = prepared.withColumn("scored", predict("model_input"))
    taken_in = signature.inputs.input_names()
    return scored.select(
        *(
            F.col(f"model_input.{quoted(name)}" if name in taken_in else quoted(name)).alias(name)
            for name in frame.columns
        ),
        F.col(f"scored.{quoted(first)}").alias("prediction"),
        *(f"scored.{quoted(name)}" for name in further),
        F.lit(version.name).alias("model_name"),
        F.lit(version.number).alias("model_version"),
    )


def run(spark: SparkSession, arguments: argparse.Namespace) -> str:
    """Does what was asked for, and says what was done."""
    if arguments.tracking_uri:
        mlflow.set_tracking_uri(arguments.tracking_uri)
    # "Store" and "store" are two columns, as for the model.
    spark.conf.set("spark.sql.caseSensitive", True)
    frame = read_table(spark, arguments.input, arguments.input_format)
    version = fetch_model(arguments.model)
    counter = Observation()
    scored = score(spark, frame, version, arguments.partitions)
    scored = scored.observe(counter, F.count(F.lit(1)).alias("rows"))
    writer = scored.write.mode("overwrite" if arguments.overwrite else "errorifexists")
    if arguments.output_format == "csv":
        writer = writer.option("header", True)
    start = time.monotonic()
    writer.format(arguments.output_format).save(arguments.output)
    seconds = time.monotonic() - start
    rows = counter.get["rows"]
    return (
        f"{rows:,} rows scored by {version.name} version {version.number} in {seconds:.1f} s "
        f"({rows / seconds:,.0f} a second): {arguments.output}"
    )


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def explain(failure: Exception) -> str | None:
    """The sentence for a failure of Spark that the table caused."""
    text = str(failure)
    for pattern, sentence in KNOWN_FAILURES.items():
        if found := re.search(pattern, text, re.DOTALL):
            return found.expand(sentence)
    return None


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    spark = SparkSession.builder.appName(f"score with {arguments.model}").getOrCreate()
    try:
        print(run(spark, arguments))
        return 0
    except UserError as error:
        message = str(error)
    except (PySparkException, Py4JJavaError) as error:
        message = explain(error)
        if message is None:
            raise
    finally:
        spark.stop()
    # After Spark's own words, so that this is the last line.
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
