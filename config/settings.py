"""All settings, from the environment. What is missing or wrong is named by a system check (``core.checks``).

The variables are listed with their meaning in docs/operations.md.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Core
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
INSECURE_COOKIES = env.bool("INSECURE_COOKIES", default=False)  # plain http, for the demo on this machine only
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var" / "files")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "core",
    "tenants",
    "organizations",
    "partnerships",
    "agreements",
    "reporting",
]

MIDDLEWARE = [
    "core.middleware.AfterFormMiddleware",
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenants.middleware.TenantMiddleware",
]

ROOT_URLCONF = "config.urls"
TENANT_URLCONF = "config.urls_tenant"  # below /t/<slug>/
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.frame",
                "tenants.context.office",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database: the application role by default; the owner's connection exists only where migrations run.
DATABASES = {
    "default": env.db_url("DATABASE_URL", default="postgres://causeway_app@127.0.0.1:5432/causeway")
    | {
        "ENGINE": "core.tenancy.backend",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
if env.str("DATABASE_ADMIN_URL", default=""):
    DATABASES["owner"] = env.db_url("DATABASE_ADMIN_URL") | {
        "ENGINE": "core.tenancy.backend",
        "TEST": {"MIRROR": "default"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey or Redis: cache (1), broker (0)
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{REDIS_URL.rsplit('/', 1)[0]}/1",
            "KEY_PREFIX": "causeway",
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,  # a page must not wait for a broker that is away (6 s without this): the sweep finds its jobs
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_TIMEZONE = "UTC"
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=10)  # after which a job of a killed worker is tried again

# Accounts
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=int(env.bool("BEHIND_PROXY", default=False)))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tenants.accounts.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# Sessions and browser security
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_COOKIES
SESSION_COOKIE_NAME = "session" if INSECURE_COOKIES else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if INSECURE_COOKIES else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not INSECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_COOKIES else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not INSECURE_COOKIES
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

MESSAGE_STORAGE = "core.messages.ChangeMessages"

# Language, time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: built by static/build.mjs into static/dist
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR}},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.bool("STATIC_MANIFEST", default=True)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# E-mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Causeway <causeway@localhost>")

# Where browsers reach it, for links in mail that no request asked for
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").rstrip("/") or (
    f"{'http' if INSECURE_COOKIES else 'https'}://{next(iter(ALLOWED_HOSTS), 'localhost')}"
)

# REST API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tenants.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.rest.access.MembersOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.rest.access.Pages",
    "DEFAULT_SCHEMA_CLASS": "core.rest.schema.ApiSchema",
    "EXCEPTION_HANDLER": "core.rest.errors.answer_problem",
    "DEFAULT_THROTTLE_CLASSES": ["core.rest.access.PerActorThrottle"],
    "DEFAULT_THROTTLE_RATES": {"actor": env.str("API_RATE", default="600/min")},
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "iso-8601",
}
# The names of closed lists in the description of the API
NAMED_CHOICES = {
    "agreements.choices": (
        "AgreementKind LegalStatus WorkflowState Court PartyRole DocumentLabel Level MoneyKind "
        "MoneyDirection ObligationSide ObligationKind Recurrence GrantKind Exclusivity AssetKind "
        "ScreeningResult RenewalProgress"
    ),
    "organizations.choices": (
        "OrganizationKind SizeClass IdentifierScheme SectorScheme GeoPrecision RiskKind IpStance "
        "PublicationStance Horizon NeedStatus CapabilityKind CapabilityStatus TopicScheme "
        "ContactPermission PrivacyBasis DataSource ClearanceState"
    ),
    "partnerships.choices": (
        "Stage Tier PartnershipStatus Channel InteractionKind Direction Confidentiality Source "
        "ProjectStatus ProjectSize ProjectRole Band TeamRole Side ObjectiveStatus LedgerDirection "
        "LedgerKind PartnerEventKind RaterSide RatingScale StageMeaning LeadSource LossReason "
        "HandoverStatus AlertRule AlertEnd PointsState ImaginedRecord ImaginedRenewal ImaginedTalent ImaginedDirection"
    ),
    "partnerships.choices_delivery": (
        "ProjectForm ResearchDomain Light ProjectPersonRole MilestoneKind IssueKind IssueTopic "
        "Severity OutputKind BenefitKind FundingMeasure FundingSource SchemeKind"
    ),
    "partnerships.choices_talent": (
        "ProgramKind PositionStatus WorkPlace CandidateStatus MatchSide PlacementStatus ApproverRole Decision "
        "EvaluatorSide ReturnOffer TalentEventKind"
    ),
    "tenants.choices": ("Role UnitKind ViewVisibility ListFormat ExportState ExportFormat"),
    "reporting.choices": "ReportCadence",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Causeway API",
    "DESCRIPTION": "Partnerships of one office. Every path lies below /t/{office}/api/; see docs/api.md.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/v1",
    "SERVE_URLCONF": "config.urls_api",
    "DEFAULT_GENERATOR_CLASS": "core.rest.schema.ApiGenerator",
    "SERVERS": [{"url": "/t/{office}/api", "variables": {"office": {"default": "northfield"}}}],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        name: f"{module}.{name}" for module, names in NAMED_CHOICES.items() for name in names.split()
    }
    | {
        "ClearanceDays": [(30, 30), (90, 90)],
        "ClauseCode": "agreements.api.inputs.CLAUSES",
        "ClauseAnswerType": "agreements.api.parts.ANSWERS",
        "RuleSeverity": "agreements.api.parts.WEIGHTS_OF_RULES",
        "DifferenceKind": "agreements.api.documents.DIFFERENCES",
        "ScreeningDecision": "agreements.api.compliance.DECIDED",
        "ApprovalDecision": "partnerships.api.placements.DECIDED",
        "PassedReason": "partnerships.api.candidacies.REASONS",
        "AnswerKind": [(kind, kind) for kind in ("text", "count", "money", "days", "percent", "date", "degrees")],
    },
}

# Logs: one line per event on standard error, with the request id
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}},
}

SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload binds the whole domain: the operator decides
