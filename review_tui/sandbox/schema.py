"""What lives here: the tables, their indexes, and which of their columns hold JSON.

Times are Unix milliseconds. A JSON column holds ASCII JSON text of any value, a bare string included, so
that foreign text with lone surrogates, NULs or numbers that no float holds is kept as it came.
"""

TABLES = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counters (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS companies (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS api_keys (
        id TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        company_id TEXT,
        revoked_at INTEGER
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS workflows (
        company_id TEXT NOT NULL,
        slug TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        description TEXT,
        icon TEXT,
        color TEXT,
        published_version INTEGER NOT NULL,
        contract_url TEXT,
        PRIMARY KEY (company_id, slug)
    ) WITHOUT ROWID""",
    # upload: {minFiles, maxFiles, acceptedFormats, fileLabels, maxFileSizeMb}
    """CREATE TABLE IF NOT EXISTS workflow_versions (
        company_id TEXT NOT NULL,
        slug TEXT NOT NULL,
        version INTEGER NOT NULL,
        upload TEXT NOT NULL,
        output_schema TEXT NOT NULL,
        output_json_schema TEXT NOT NULL,
        PRIMARY KEY (company_id, slug, version)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY,
        submission_id TEXT NOT NULL,
        company_id TEXT NOT NULL,
        key_id TEXT NOT NULL,
        state TEXT NOT NULL,
        content_types TEXT NOT NULL,
        webhook_url TEXT,
        webhook_status TEXT,
        failed_reason TEXT,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS submissions (
        id TEXT PRIMARY KEY,
        company_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        workflow TEXT NOT NULL,
        workflow_version INTEGER NOT NULL,
        status TEXT NOT NULL,
        fraud_status TEXT,
        fraud_score REAL,
        confidence REAL,
        extracted TEXT,
        client_submission_id TEXT,
        metadata TEXT,
        external_user TEXT,
        reject_reason TEXT,
        cancel_reason TEXT,
        failed_reason TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        started_at INTEGER,
        processed_at INTEGER,
        reviewed_at INTEGER,
        synced_at INTEGER
    )""",
    # content is filled at upload, or from spec when somebody first asks for the bytes
    """CREATE TABLE IF NOT EXISTS files (
        id TEXT PRIMARY KEY,
        submission_id TEXT NOT NULL,
        file_index INTEGER NOT NULL,
        label TEXT,
        file_name TEXT NOT NULL,
        content_type TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        spec TEXT,
        content BLOB
    )""",
    # value is whatever one looks earlier submissions up by: a digest, a band of a hash, "merchant|amount"
    """CREATE TABLE IF NOT EXISTS fingerprints (
        company_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        submission_id TEXT NOT NULL,
        file_index INTEGER NOT NULL,
        data TEXT,
        PRIMARY KEY (value, kind, company_id, submission_id, file_index)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS fraud_matches (
        id TEXT PRIMARY KEY,
        submission_id TEXT NOT NULL,
        matched_submission_id TEXT NOT NULL,
        type TEXT NOT NULL,
        score REAL NOT NULL,
        details TEXT,
        resolution TEXT,
        note TEXT,
        created_at INTEGER NOT NULL,
        resolved_at INTEGER,
        resolved_by TEXT
    )""",
    """CREATE TABLE IF NOT EXISTS events (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        submission_id TEXT NOT NULL,
        type TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        message TEXT,
        data TEXT
    )""",
    """CREATE TABLE IF NOT EXISTS webhook_deliveries (
        id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        key_id TEXT NOT NULL,
        event_type TEXT NOT NULL,
        url TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        last_answer TEXT
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS idempotency (
        key_id TEXT NOT NULL,
        workflow TEXT NOT NULL,
        client_submission_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        PRIMARY KEY (key_id, workflow, client_submission_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS rate_windows (
        key_id TEXT NOT NULL,
        bucket TEXT NOT NULL,
        window INTEGER NOT NULL,
        used INTEGER NOT NULL,
        PRIMARY KEY (key_id, bucket)
    ) WITHOUT ROWID""",
    # Jobs of Pulse and Unsiloed; result only where it was given by hand, others are made up when asked for.
    # What starts_at and ends_at do not name does not come by itself; word stands for the state on the wire.
    """CREATE TABLE IF NOT EXISTS jobs (
        id TEXT PRIMARY KEY,
        system TEXT NOT NULL,
        account TEXT NOT NULL,
        operation TEXT NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT NOT NULL,
        word TEXT,
        file_name TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        pages INTEGER NOT NULL,
        tags TEXT NOT NULL,
        batch_id TEXT,
        error TEXT,
        result TEXT,
        result_bytes INTEGER,
        pointer TEXT,
        pointer_at INTEGER,
        progress REAL,
        notify TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        starts_at INTEGER,
        ends_at INTEGER
    )""",
    """CREATE TABLE IF NOT EXISTS job_notices (
        sequence INTEGER PRIMARY KEY,
        job_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        recipient TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS job_requests (
        key_id TEXT NOT NULL,
        bucket TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
)

_ORDER = "created_at DESC, id)"

INDEXES = {
    "submissions_all": f"submissions (company_id, {_ORDER}",
    "submissions_s": f"submissions (company_id, status, {_ORDER}",
    "submissions_f": f"submissions (company_id, fraud_status, {_ORDER}",
    "submissions_w": f"submissions (company_id, workflow, {_ORDER}",
    "submissions_sf": f"submissions (company_id, status, fraud_status, {_ORDER}",
    "submissions_ws": f"submissions (company_id, workflow, status, {_ORDER}",
    "submissions_wf": f"submissions (company_id, workflow, fraud_status, {_ORDER}",
    "submissions_wsf": f"submissions (company_id, workflow, status, fraud_status, {_ORDER}",
    "submissions_progress": "submissions (status, updated_at)",
    "sessions_waiting": "sessions (expires_at) WHERE state = 'pending'",
    "files_of": "files (submission_id, file_index)",
    "matches_of": "fraud_matches (submission_id, created_at)",
    "events_of": "events (submission_id, created_at DESC, sequence DESC)",
    "deliveries_due": "webhook_deliveries (state, due_at)",
    "jobs_of": f"jobs (system, account, {_ORDER}",
    "jobs_moving": "jobs (state, starts_at, ends_at)",
    "jobs_together": "jobs (batch_id) WHERE batch_id IS NOT NULL",
    "notices_of": "job_notices (job_id, sequence)",
    "job_requests_of": "job_requests (key_id, bucket, at)",
}

JSON_COLUMNS: dict[str, frozenset[str]] = {
    "companies": frozenset({"name"}),
    "workflows": frozenset({"name", "description", "contract_url"}),
    "workflow_versions": frozenset({"upload", "output_schema", "output_json_schema"}),
    "sessions": frozenset({"content_types", "webhook_url", "failed_reason"}),
    "submissions": frozenset(
        {
            "extracted",
            "client_submission_id",
            "metadata",
            "external_user",
            "reject_reason",
            "cancel_reason",
            "failed_reason",
        }
    ),
    "files": frozenset({"label", "file_name", "spec"}),
    "fingerprints": frozenset({"data"}),
    "fraud_matches": frozenset({"details", "note", "resolved_by"}),
    "events": frozenset({"type", "actor", "message", "data"}),
    "webhook_deliveries": frozenset({"url", "last_answer"}),
    "idempotency": frozenset({"client_submission_id"}),
    "jobs": frozenset({"word", "file_name", "tags", "error", "result", "notify"}),
    "job_notices": frozenset({"recipient", "body"}),
}
