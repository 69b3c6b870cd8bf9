# SPDX-License-Identifier: Apache-2.0
"""HyperKitty's settings for bench/run: those of its own tests, made what
its documentation advises for production.  $HYPERKITTY_DIR holds what it
writes, and PostgreSQL's socket."""
import os

from hyperkitty.tests.settings_test import *  # noqa: F401,F403

DIR = os.environ["HYPERKITTY_DIR"]
TESTING = DEBUG = False
SECRET_KEY = "of a server for a minute"
ALLOWED_HOSTS = ["*"]
MAILMAN_REST_API_URL = "http://127.0.0.1:1"  # there is no core
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": "postgres",
    "HOST": DIR, "CONN_MAX_AGE": 300}}
CACHES = {"default": {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": DIR + "/cache"}}
HAYSTACK_CONNECTIONS = {"default": {
    "ENGINE": "xapian_backend.XapianEngine", "PATH": DIR + "/xapian"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
STATIC_ROOT = DIR + "/static"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
LOGGING = {"version": 1, "disable_existing_loggers": True}
Q_CLUSTER = {"orm": "default", "retry": 360, "timeout": 300, "poll": 5,
             "save_limit": 100}
