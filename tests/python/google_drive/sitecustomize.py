"""Sends what is meant for Google to the mock of tests/google_drive.ts, which has no certificate of
Google's. Python imports this at its start, where PYTHONPATH names the folder."""

import os

try:
    import httplib2
except ImportError:
    pass
else:
    _request = httplib2.Http.request

    def _request_of_mock(self, uri, *args, **options):
        mock = os.environ["GOOGLE_DRIVE_MOCK"]
        return _request(self, uri.replace("https://www.googleapis.com", mock), *args, **options)

    httplib2.Http.request = _request_of_mock
