"""What Schemathesis has to be told to send lines of JSON: they are a text, as text/csv is."""

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
