"""Writes a large table of records as Parquet: `spark-submit generate.py RECORDS ROWS OUTPUT`.

RECORDS is a Parquet file; its rows are repeated, each time with another weather and fuel price,
until there are at least ROWS.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# Small enough that a worker's share is even, large enough that starting a task does not count.
PARTS = 16

records, rows, output = sys.argv[1:]
spark = SparkSession.builder.appName("generate").getOrCreate()
table = spark.read.parquet(records).cache()
copies = spark.range(0, -(-int(rows) // table.count()), numPartitions=PARTS)
repeated = copies.crossJoin(F.broadcast(table)).drop("id")
drawn = repeated.withColumns(
    {"Temperature": F.rand(seed=1) * 100, "Fuel_Price": 2.5 + 2 * F.rand(seed=2)}
)
drawn.write.parquet(output)
spark.stop()
