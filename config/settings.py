"""Django's settings, read strictly from the environment; `DONARA_MODE=demo` runs without any of the real parts."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import addresses
from config.env import Environment
from config.logging import LOGGING as LOGGING
from core.due import crews
from core.storage.roles import Role
from core.web.assets import add_policy

env = Environment()
env.refuse_misspelt()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.word("DONARA_MODE", ("demo", "production", "test"), "demo")
DEMO, TEST = MODE == "demo", MODE == "test"
VAR = Path(env.text("DONARA_VAR", str(BASE_DIR / "var"))).resolve()
SECRETS = Path(env.text("DONARA_SECRETS_DIR", str(BASE_DIR / "var" / "secrets"))).resolve()

SECRET_KEY = env.secret("DONARA_SECRET_KEY", SECRETS, invent=TEST)
#: Wraps the key domains of de-identification (curation); 32 bytes in hex.
MASTER_KEY = env.key("DONARA_MASTER_KEY", SECRETS, invent=TEST)
#: Wraps the data keys of stored objects (core/storage): the whole key, or the ring of this process's role. The older
#: ones open what was wrapped under them.
STORE_KEY = env.store_key("DONARA_STORE_KEY", SECRETS, invent=TEST)
STORE_KEYS_OLD = env.old_keys("DONARA_STORE_KEYS_OLD")
#: Signs the heads of the public log (core/audit): the seed of an Ed25519 key, 32 bytes in hex.
LOG_KEY = env.key("DONARA_LOG_KEY", SECRETS, invent=TEST)
#: Who is sent each newest head, so that others can tell whether everybody is shown the same log.
LOG_WITNESSES = env.addresses("DONARA_LOG_WITNESSES")
LOG_WITNESS_KEYS = env.witness_keys("DONARA_LOG_WITNESS_KEYS")
DEBUG = env.flag("DONARA_DEBUG", False)
if DEBUG and MODE == "production":
    raise ImproperlyConfigured("DONARA_DEBUG shows people's data on error pages; set it to no in production.")
ORIGIN = env.origin("DONARA_ORIGIN", None if MODE == "production" else "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.names("DONARA_HOSTS", None if MODE == "production" else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "core.design",
    "core.accounts",
    "core.audit",
    "core.due",
    "core.storage",
    "core.mail",
    "core.notifications",
    "consent",
    "registry",
    "curation",
    "training_jobs",
    "portal",
    "allauth",
    "allauth.account",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.web.middleware.ContentPolicy",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.web.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "core.design.forms.DonaraFormRenderer"
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

DATABASES = {"default": addresses.database(env.text("DATABASE_URL", addresses.sqlite_in(VAR)))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # only the libraries' own tables; ours are core.rows.Row
#: Whether workers read stored objects again in turn and look for bytes without a row; tests say so where they mean it.
STORE_SEARCHES = not TEST
#: What this process is to the object store; a web server and a worker say so themselves when they start.
ROLE = env.word("DONARA_ROLE", tuple(Role), "all")
ROLE_IS_SAID = "DONARA_ROLE" in env.values
OBJECT_STORE = addresses.store(env.text("DONARA_STORE", f"folder:{VAR / 'objects'}"), env, BASE_DIR)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Nobody gets a role, or learns who has an account, by signing up with somebody else's address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MODE == "production" else "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# Reporting, reading the public log and sending by a letter's code are what nobody has to sign in for; the others keep
# allauth's own limits.
ACCOUNT_RATE_LIMITS: bool | dict[str, str] = (
    False
    if TEST
    else {
        "report_identity": "10/h/ip",
        "public_log": "300/h/ip",
        "hospital_code": "30/h/ip",
        "hospital_files": "600/h/key",
        "receipt_pdf": "20/m/user",
        "letter_pdf": "20/m/user",
        "take_everything": "10/h/user",
        "upload_manifest": "120/h/user",
        "upload_parts": "6000/m/user",
        # Each asks for eight hospitals or devices at most; many more would be guesses.
        "engine_numbers": "40/d/user",
    }
)
ACCOUNT_ADAPTER = "core.accounts.adapter.Adapter"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 2 * 24 * 3600  # many use a computer that is not theirs alone
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ORIGIN.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if ORIGIN.startswith("https://") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("DONARA_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

vars().update(addresses.email(env.text("EMAIL_URL", None if MODE == "production" else f"file:{VAR / 'mail'}")))
DEFAULT_FROM_EMAIL = env.text("DONARA_FROM", "Donara <no-reply@donara.example>")

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # assets lie where they were built, so no collecting step is needed
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_policy
FILE_UPLOAD_TEMP_DIR = env.text("DONARA_UPLOAD_TMP", "") or None
DATA_UPLOAD_MAX_NUMBER_FILES = 5_000
#: The most bytes that one uploaded file, and one ZIP when unpacked, may have.
UPLOAD_FILE_BYTES = env.number("DONARA_UPLOAD_FILE_MB", 512, least=1, most=65_536) * 1024 * 1024
UPLOAD_ARCHIVE_BYTES = env.number("DONARA_UPLOAD_ARCHIVE_MB", 4_096, least=1, most=1_048_576) * 1024 * 1024
#: The most bytes that may lie in quarantine, or be promised: of a donor, begun by a donor in a day, of a programme.
QUARANTINE_MOST = {
    "donor": env.number("DONARA_QUOTA_DONOR_MB", 51_200, least=1, most=104_857_600) * 1024 * 1024,
    "day": env.number("DONARA_QUOTA_DAY_MB", 20_480, least=1, most=104_857_600) * 1024 * 1024,
    "programme": env.number("DONARA_QUOTA_PROGRAMME_MB", 1_048_576, least=1, most=1_048_576_000) * 1024 * 1024,
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
#: Dates by locale; `config/formats/` says how where Django's own way is too short.
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

BROKER = addresses.broker(env.text("DONARA_BROKER_URL", "folder:"))
WAKE_WORKERS = not TEST
#: How long a worker that has fallen silent keeps its work before another takes it over.
LEASE_SECONDS = env.number("DONARA_LEASE_SECONDS", 20, least=1, most=3_600)
CELERY_BROKER_URL = "folder://" if BROKER == "folder:" else BROKER
if BROKER == "folder:":
    from core.broker import options

    CELERY_BROKER_TRANSPORT_OPTIONS = options(VAR / "broker")
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        # Who sends does not wait for a broker that is away; a worker's own connection tries for ever, see below.
        "max_retries": 1,
        "interval_start": 0,
    }
CELERY_TASK_QUEUES = crews.queues_of(ROLE)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # a message only wakes; the sweep finds what it would have told
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Far above any handler's longest time: a process that hangs for so long is replaced.
CELERY_TASK_TIME_LIMIT = 3_600
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "due.tick", "schedule": 2.0, "options": {"expires": 10}}}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.accounts.authentication.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "core.web.api.Json",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "core.web.api.Pages",
    "EXCEPTION_HANDLER": "core.web.api.answer",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Donara",
    "DESCRIPTION": "Consents, uploads, access requests, training jobs and released results.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

#: For so many days the installation's backups hold what was erased; certificates of withdrawal name the day.
BACKUP_DAYS = env.number("DONARA_BACKUP_DAYS", 35, least=0, most=3_650)

#: Training jobs: where runs are staged, and how many may run at once on this machine.
RUNS = VAR / "runs"
JOBS_AT_ONCE = env.number("DONARA_JOBS_AT_ONCE", 1, least=0, most=64)

#: The operator's tool that takes the faces off heads: arguments, in which {in} and {out} stand for two folders.
DEFACER = env.command("DONARA_DEFACER", ("{in}", "{out}"))

#: Whether a second curator must say yes to a series: always, where there is a risk, or never.
SECOND_READER = env.word("DONARA_SECOND_READER", ("always", "risk", "never"), "risk")
#: Of the series that one curator's yes is enough for, one in so many is read twice all the same; 0 is none.
SECOND_READ_ONE_IN = env.number("DONARA_SECOND_READ_ONE_IN", 0 if TEST else 20)
#: One in so many series is shown to a curator with invented writing in it first, to see whether they see it; 0 is none.
PLANTED_ONE_IN = env.number("DONARA_PLANTED_ONE_IN", 0 if TEST else 25)
