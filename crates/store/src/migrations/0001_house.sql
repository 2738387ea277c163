-- People, workspaces and who may do what; invitations and the outbox; the audit log.
-- Marks in braces become the engine's own types. Times are microseconds in UTC.

-- One row: what there is one of. Set up once, by one winner.
CREATE TABLE server (
    id {int} PRIMARY KEY CHECK (id = 1),
    set_up_at {time}
) {strict};
INSERT INTO server (id) VALUES (1);

-- What operators chose; `fixed` is what the command line says, which wins.
CREATE TABLE server_setting (
    name {text} PRIMARY KEY,
    value {text},
    fixed {text}
) {strict};

CREATE TABLE person (
    id {uuid} PRIMARY KEY,
    name {text} NOT NULL,
    folded {text} NOT NULL,
    password {text},
    operator {bool} NOT NULL DEFAULT FALSE,
    created_at {time} NOT NULL
) {strict};

CREATE TABLE person_address (
    id {uuid} PRIMARY KEY,
    person {uuid} NOT NULL REFERENCES person (id),
    address {text} NOT NULL,
    normalised {text} NOT NULL UNIQUE,
    is_primary {bool} NOT NULL,
    verified_at {time}
) {strict};
CREATE UNIQUE INDEX person_address_primary ON person_address (person) WHERE is_primary;

-- Links to a person: to set a new password, to prove an address. Hashes only, as for invitations. `proves` says that the
-- link went by mail and nowhere else, so that bearing it proves the address. An address to be added is kept only here
-- until then: it is nobody's.
CREATE TABLE person_link (
    hash {bytes} PRIMARY KEY,
    kind {text} NOT NULL,
    person {uuid} NOT NULL REFERENCES person (id),
    address {text} NOT NULL,
    normalised {text} NOT NULL,
    proves {bool} NOT NULL,
    created_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    ended_at {time}
) {strict};
CREATE INDEX person_link_of_person ON person_link (person, kind);

CREATE TABLE workspace (
    id {uuid} PRIMARY KEY,
    slug {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    zone {text} NOT NULL DEFAULT 'UTC',
    created_by {uuid} NOT NULL REFERENCES person (id),
    created_at {time} NOT NULL,
    -- In the trash since then; its members wait in the state `trashed`.
    trashed_at {time},
    -- After that time nothing of it is left but its audit log.
    erased {bool} NOT NULL DEFAULT FALSE
) {strict};

-- Domains whose addresses a workspace takes, or does not. Compared as A-labels; `n` keeps their order.
CREATE TABLE workspace_domain (
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    ascii {text} NOT NULL,
    shown {text} NOT NULL,
    blocked {bool} NOT NULL,
    n {int} NOT NULL,
    PRIMARY KEY (workspace, ascii, blocked)
) {strict};

CREATE TABLE project (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    key {text} NOT NULL,
    name {text} NOT NULL,
    folded {text} NOT NULL,
    description {text} NOT NULL DEFAULT '',
    private {bool} NOT NULL DEFAULT FALSE,
    -- Whether its cases are reviewed before they are ready.
    review {bool} NOT NULL DEFAULT TRUE,
    created_by {uuid} NOT NULL REFERENCES person (id),
    created_at {time} NOT NULL,
    archived_at {time},
    -- In the trash since then.
    trashed_at {time},
    UNIQUE (workspace, key)
) {strict};
CREATE INDEX project_trash ON project (trashed_at) WHERE trashed_at IS NOT NULL;

-- What a project is to one person: a favourite or not, and when he was last in it.
CREATE TABLE project_mark (
    person {uuid} NOT NULL REFERENCES person (id),
    project {uuid} NOT NULL REFERENCES project (id),
    favourite {bool} NOT NULL DEFAULT FALSE,
    opened_at {time},
    PRIMARY KEY (person, project)
) {strict};
CREATE INDEX project_mark_of_project ON project_mark (project);

CREATE TABLE invitation (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    address {text} NOT NULL,
    normalised {text} NOT NULL,
    name {text},
    role {text} NOT NULL,
    message {text},
    state {text} NOT NULL,
    invited_by {uuid} NOT NULL REFERENCES person (id),
    valid_days {int} NOT NULL,
    created_at {time} NOT NULL,
    first_out_at {time},
    ends_at {time} NOT NULL,
    closed_at {time},
    code_tries {int} NOT NULL DEFAULT 0,
    -- T13: resending an expired one or correcting an address makes a new row; both name each other.
    predecessor {uuid} UNIQUE REFERENCES invitation (id),
    successor {uuid} REFERENCES invitation (id),
    -- When whoever bears the expired link last asked for a new one.
    wanted_at {time}
) {strict};
-- I2: at most one open invitation per workspace and address, whoever writes it.
CREATE UNIQUE INDEX invitation_open ON invitation (workspace, normalised) WHERE state IN ('pending', 'on_hold');
CREATE INDEX invitation_in_workspace ON invitation (workspace, state, id);
CREATE INDEX invitation_of_address ON invitation (normalised) WHERE state IN ('pending', 'on_hold');
CREATE INDEX invitation_wanted ON invitation (workspace) WHERE wanted_at IS NOT NULL AND successor IS NULL;

CREATE TABLE invitation_project (
    invitation {uuid} NOT NULL REFERENCES invitation (id),
    project {uuid} NOT NULL REFERENCES project (id),
    role {text} NOT NULL,
    PRIMARY KEY (invitation, project)
) {strict};

-- I5: hashes only. `ended_at` is set when a newer token of the same kind takes its place.
CREATE TABLE invitation_token (
    hash {bytes} PRIMARY KEY,
    invitation {uuid} NOT NULL REFERENCES invitation (id),
    kind {text} NOT NULL,
    created_at {time} NOT NULL,
    ended_at {time}
) {strict};
CREATE UNIQUE INDEX invitation_token_live ON invitation_token (invitation, kind) WHERE ended_at IS NULL;

-- Rows are never deleted: a return is a new one (T11). I1: one membership per invitation.
-- `folded` and `address` repeat name and normalised address, so that lists are searched and sorted without a join.
-- Sessions opened up to `shut_out_at` do not reach in.
CREATE TABLE member (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    person {uuid} NOT NULL REFERENCES person (id),
    role {text} NOT NULL,
    state {text} NOT NULL,
    invitation {uuid} UNIQUE REFERENCES invitation (id),
    joined_at {time} NOT NULL,
    left_at {time},
    seen_at {time},
    shut_out_at {time},
    folded {text} NOT NULL,
    address {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX member_current ON member (workspace, person) WHERE state IN ('active', 'deactivated');
CREATE INDEX member_of_person ON member (person);
CREATE INDEX member_owner ON member (workspace) WHERE state = 'active' AND role = 'owner';
-- One for each order of the list, see `members::list`. That by name also answers searches and counts by itself.
CREATE INDEX member_by_name ON member (workspace, folded, id, address, role) WHERE state IN ('active', 'deactivated');
CREATE INDEX member_by_role ON member (workspace, (CASE role WHEN 'owner' THEN '0' WHEN 'admin' THEN '1'
    WHEN 'manager' THEN '2' WHEN 'tester' THEN '3' WHEN 'read_only' THEN '4' ELSE '5' END || folded), id)
    WHERE state IN ('active', 'deactivated');
CREATE INDEX member_by_seen ON member (workspace, COALESCE(seen_at, 0), id) WHERE state IN ('active', 'deactivated');

CREATE TABLE project_grant (
    project {uuid} NOT NULL REFERENCES project (id),
    member {uuid} NOT NULL REFERENCES member (id),
    role {text} NOT NULL,
    granted_by {uuid} NOT NULL REFERENCES person (id),
    granted_at {time} NOT NULL,
    PRIMARY KEY (member, project)
) {strict};
CREATE INDEX project_grant_in_project ON project_grant (project);

-- The outbox: letters of invitations, and letters of the server to a person, which are of no workspace.
-- `secret` is what the letter needs, under the server's key, erased with the hand-over. After `ends_at` it is not sent.
CREATE TABLE message (
    id {uuid} PRIMARY KEY,
    kind {text} NOT NULL,
    workspace {uuid} REFERENCES workspace (id),
    invitation {uuid} REFERENCES invitation (id),
    person {uuid} REFERENCES person (id),
    send {int} NOT NULL DEFAULT 1,
    address {text} NOT NULL,
    normalised {text} NOT NULL,
    secret {bytes},
    state {text} NOT NULL,
    detail {text},
    attempts {int} NOT NULL DEFAULT 0,
    created_at {time} NOT NULL,
    not_before {time} NOT NULL,
    next_try_at {time} NOT NULL,
    lease_until {time},
    handed_over_at {time},
    ends_at {time},
    UNIQUE (invitation, send),
    CHECK (person IS NOT NULL OR invitation IS NOT NULL AND workspace IS NOT NULL)
) {strict};
CREATE INDEX message_due ON message (next_try_at) WHERE state IN ('queued', 'deferred', 'sending');
CREATE INDEX message_queue ON message (workspace, id) WHERE state IN ('queued', 'deferred', 'sending', 'failed');
CREATE INDEX message_to_address ON message (normalised, not_before);
CREATE INDEX message_to_person ON message (person) WHERE state IN ('queued', 'deferred', 'sending');

CREATE TABLE message_step (
    message {uuid} NOT NULL REFERENCES message (id),
    n {int} NOT NULL,
    at {time} NOT NULL,
    state {text} NOT NULL,
    detail {text},
    PRIMARY KEY (message, n)
) {strict};

-- One row: the channel is the server's, its trouble is everybody's.
CREATE TABLE mail_channel (
    id {int} PRIMARY KEY CHECK (id = 1),
    paused_at {time},
    reason {text},
    probe_at {time},
    probes {int} NOT NULL DEFAULT 0,
    refusals {int} NOT NULL DEFAULT 0,
    refusal {text}
) {strict};
INSERT INTO mail_channel (id) VALUES (1);

-- One row: the mail server as operators set it, if they did. `version` tells nodes that it changed; `password` is sealed.
CREATE TABLE mail_server (
    id {int} PRIMARY KEY CHECK (id = 1),
    version {int} NOT NULL DEFAULT 0,
    host {text},
    port {int},
    tls {text},
    login {text},
    password {bytes},
    from_address {text},
    from_name {text},
    own_network {bool} NOT NULL DEFAULT FALSE,
    changed_at {time},
    changed_by {uuid} REFERENCES person (id)
) {strict};
INSERT INTO mail_server (id) VALUES (1);

-- Workspaces whose mail somebody paused: what waits stays in the outbox.
CREATE TABLE mail_pause (
    workspace {uuid} PRIMARY KEY REFERENCES workspace (id),
    paused_at {time} NOT NULL,
    paused_by {uuid} NOT NULL REFERENCES person (id)
) {strict};

CREATE TABLE session (
    id {uuid} PRIMARY KEY,
    hash {bytes} NOT NULL UNIQUE,
    person {uuid} NOT NULL REFERENCES person (id),
    client {text},
    agent {text},
    created_at {time} NOT NULL,
    seen_at {time} NOT NULL,
    ends_at {time} NOT NULL
) {strict};
CREATE INDEX session_of_person ON session (person);

CREATE TABLE api_key (
    id {uuid} PRIMARY KEY,
    hash {bytes} NOT NULL UNIQUE,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    person {uuid} NOT NULL REFERENCES person (id),
    name {text} NOT NULL,
    rights {text},
    created_at {time} NOT NULL,
    ends_at {time},
    revoked_at {time},
    used_at {time}
) {strict};
CREATE INDEX api_key_of_person ON api_key (workspace, person);
CREATE INDEX api_key_in_workspace ON api_key (workspace, id) WHERE revoked_at IS NULL;

-- Stands among persons too, without address and password, so that whatever is written or done names either by one key.
CREATE TABLE service_account (
    person {uuid} PRIMARY KEY REFERENCES person (id),
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    created_by {uuid} NOT NULL REFERENCES person (id)
) {strict};
CREATE INDEX service_account_in_workspace ON service_account (workspace);

-- Personal values lie apart so that they can be erased; the event keeps their salted hash.
CREATE TABLE event (
    id {serial},
    workspace {uuid} REFERENCES workspace (id),
    at {time} NOT NULL,
    what {text} NOT NULL,
    actor {uuid} REFERENCES person (id),
    project {uuid},
    target_kind {text} NOT NULL,
    target_id {text} NOT NULL,
    changes {text} NOT NULL,
    personal {bytes} NOT NULL
) {strict};
-- The log is read newest first, whole or by kind, actor or project, mostly within a range of time: each ends in the
-- order of the list, so a page is a few rows of one index, however long the log.
CREATE INDEX event_in_workspace ON event (workspace, at, id);
CREATE INDEX event_of_kind ON event (workspace, what, at, id);
CREATE INDEX event_by_actor ON event (workspace, actor, at, id);
CREATE INDEX event_by_actor_of_kind ON event (workspace, actor, what, at, id);
CREATE INDEX event_in_project ON event (workspace, project, at, id) WHERE project IS NOT NULL;

CREATE TABLE event_personal (
    event {int} PRIMARY KEY REFERENCES event (id),
    salt {bytes} NOT NULL,
    client {text},
    label {text} NOT NULL
) {strict};

CREATE TABLE quota (
    day {time} NOT NULL,
    scope {text} NOT NULL,
    subject {text} NOT NULL,
    used {int} NOT NULL,
    PRIMARY KEY (day, scope, subject)
) {strict};
CREATE INDEX quota_of_subject ON quota (scope, subject, day);

-- What was answered to a request with an idempotency key, for a day; sealed, because answers may hold secrets.
CREATE TABLE answer (
    caller {text} NOT NULL,
    key {text} NOT NULL,
    fingerprint {bytes} NOT NULL,
    body {bytes} NOT NULL,
    ends_at {time} NOT NULL,
    PRIMARY KEY (caller, key)
) {strict};
