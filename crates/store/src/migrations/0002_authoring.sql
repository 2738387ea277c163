-- The test case repository: folders, cases and their versions, properties, labels. What comes later stands in sections of
-- its own below. Authored rows name a person or service account, as events do, never a member.

-- ── Properties ──────────────────────────────────────────────────────────────────────────────────────────────────────
-- Values of status, priority, type and automation. A case names one by its key, which is unique within workspace and
-- kind, whichever project the value is for; `project` is NULL where it is for all. `colour` is a hue, `rank` the order.
CREATE TABLE property_value (
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    kind {text} NOT NULL,
    key {int} NOT NULL,
    project {uuid} REFERENCES project (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    colour {int} NOT NULL,
    rank {text} NOT NULL,
    is_default {bool} NOT NULL DEFAULT FALSE,
    archived {bool} NOT NULL DEFAULT FALSE,
    PRIMARY KEY (workspace, kind, key)
) {strict};
CREATE UNIQUE INDEX property_value_name ON property_value (workspace, kind, name_key) WHERE project IS NULL;
CREATE UNIQUE INDEX property_value_name_in_project ON property_value (project, kind, name_key) WHERE project IS NOT NULL;

-- ── Folders ─────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Each project has one root, which is never shown: cases at the top lie in it. `cases` counts the live cases directly in
-- a folder. `rank` is a fractional key. `trash` is the act of deletion that took it, so that one act is restored whole.
CREATE TABLE folder (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    parent {uuid} REFERENCES folder (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    rank {text} NOT NULL,
    cases {int} NOT NULL DEFAULT 0,
    trashed_at {time},
    trash {uuid},
    created_at {time} NOT NULL
) {strict};
CREATE UNIQUE INDEX folder_root ON folder (project) WHERE parent IS NULL;
CREATE UNIQUE INDEX folder_sibling ON folder (parent, name_key) WHERE parent IS NOT NULL AND trashed_at IS NULL;
CREATE INDEX folder_in_project ON folder (project, parent, rank, id);
CREATE INDEX folder_in_trash ON folder (trash) WHERE trash IS NOT NULL;

-- One act of deletion: a folder with all in it, or cases. Restoring it takes the row away. `name` is the folder's, or the
-- title of the first case.
CREATE TABLE trash (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    folder {uuid} REFERENCES folder (id),
    name {text} NOT NULL,
    folders {int} NOT NULL,
    cases {int} NOT NULL,
    trashed_at {time} NOT NULL,
    trashed_by {uuid} NOT NULL REFERENCES person (id)
) {strict};
CREATE INDEX trash_in_project ON trash (project, trashed_at, id);

-- ── Cases ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The number of a project's newest case. A row of its own: every writer holds a share of the project's row, and two who
-- then wanted to raise a number in it would wait for each other.
CREATE TABLE case_counter (
    project {uuid} PRIMARY KEY REFERENCES project (id),
    last {int} NOT NULL
) {strict};

-- `number` comes from case_counter in the same transaction. `revision` counts saves, and `touched` says of each
-- field the revision that changed it last: a save over an older base merges where fields differ. `estimate` is in
-- seconds. `content` comes last: it is long, and lists do not read it.
CREATE TABLE test_case (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    number {int} NOT NULL,
    folder {uuid} NOT NULL REFERENCES folder (id),
    rank {text} NOT NULL,
    title {text} NOT NULL,
    title_key {text} NOT NULL,
    template {text} NOT NULL,
    status {int} NOT NULL,
    priority {int} NOT NULL,
    type {int} NOT NULL,
    automation {int} NOT NULL,
    owner {uuid} REFERENCES person (id),
    reviewer {uuid} REFERENCES person (id),
    estimate {int},
    -- draft, in_review, ready or rework; who said so last, when, and why.
    review {text} NOT NULL DEFAULT 'draft',
    review_by {uuid} REFERENCES person (id),
    review_at {time},
    review_note {text},
    revision {int} NOT NULL DEFAULT 1,
    version {int} NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    created_by {uuid} NOT NULL REFERENCES person (id),
    changed_at {time} NOT NULL,
    changed_by {uuid} NOT NULL REFERENCES person (id),
    trashed_at {time},
    trash {uuid},
    touched {text} NOT NULL DEFAULT '{}',
    content {text} NOT NULL,
    UNIQUE (project, number)
) {strict};
CREATE INDEX test_case_in_folder ON test_case (folder, rank, id) WHERE trashed_at IS NULL;
-- What the list goes along: an order each, and the filters that hold at constant cost by number.
CREATE INDEX test_case_by_title ON test_case (project, title_key, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_change ON test_case (project, changed_at, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_number ON test_case (project, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_status ON test_case (project, status, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_priority ON test_case (project, priority, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_type ON test_case (project, type, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_automation ON test_case (project, automation, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_review ON test_case (project, review, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_by_owner ON test_case (project, owner, number, id) WHERE trashed_at IS NULL;
CREATE INDEX test_case_in_trash ON test_case (trash) WHERE trash IS NOT NULL;
CREATE INDEX test_case_to_review ON test_case (workspace, reviewer, review_at) WHERE review = 'in_review' AND trashed_at IS NULL;
CREATE INDEX test_case_to_rework ON test_case (workspace, owner, review_at) WHERE review = 'rework' AND trashed_at IS NULL;

-- Each a full snapshot (JSON). The last one without `ended_at` is rewritten by its author for ten minutes, see
-- domain::case::version. `restored` is the version whose content it took up again.
CREATE TABLE case_version (
    case_id {uuid} NOT NULL REFERENCES test_case (id),
    version {int} NOT NULL,
    begun_at {time} NOT NULL,
    ended_at {time},
    saved_at {time} NOT NULL,
    author {uuid} NOT NULL REFERENCES person (id),
    name {text},
    restored {int},
    snapshot {text} NOT NULL,
    PRIMARY KEY (case_id, version)
) {strict};

-- ── Labels ──────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE label (
    id {uuid} PRIMARY KEY,
    project {uuid} NOT NULL REFERENCES project (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    colour {int} NOT NULL,
    UNIQUE (project, name_key)
) {strict};

CREATE TABLE case_label (
    case_id {uuid} NOT NULL REFERENCES test_case (id),
    label {uuid} NOT NULL REFERENCES label (id),
    PRIMARY KEY (case_id, label)
) {strict};
CREATE INDEX case_label_by_label ON case_label (label, case_id);

-- ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────────────
-- What a case is found by: the words of domain::terms, parted by single spaces. `_` before the project's id and `=`
-- before those of the title tell them from words, which hold letters, digits and marks alone. A case that says something
-- else gets a new id, so that ids fall from the last written to the first. The indexes follow by themselves.
CREATE TABLE case_words (
    id {serial},
    case_id {uuid} NOT NULL UNIQUE REFERENCES test_case (id) ON DELETE CASCADE,
    terms {text} NOT NULL
) {strict};
/*pg: CREATE INDEX case_words_terms ON case_words USING gin (array_to_tsvector(string_to_array(terms, ' '))); */
/*lite:
CREATE VIRTUAL TABLE case_index USING fts5 (terms, content = '', contentless_delete = 1, detail = none,
    prefix = '2 3', tokenize = "ascii tokenchars '_='");
CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN
    INSERT INTO case_index (rowid, terms) VALUES (new.id, new.terms);
END;
CREATE TRIGGER case_words_removed AFTER DELETE ON case_words BEGIN
    DELETE FROM case_index WHERE rowid = old.id;
END;
*/

-- ── Step groups ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- Steps written once, JSON. Each save is a version; versions of cases name those they used, so a group that is deleted
-- stays, under no name. `case_group` is where groups stand now, kept with each case.
CREATE TABLE step_group (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    version {int} NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    changed_at {time} NOT NULL,
    changed_by {uuid} NOT NULL REFERENCES person (id),
    deleted_at {time},
    steps {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX step_group_name ON step_group (project, name_key) WHERE deleted_at IS NULL;

CREATE TABLE step_group_version (
    step_group {uuid} NOT NULL REFERENCES step_group (id),
    version {int} NOT NULL,
    saved_at {time} NOT NULL,
    author {uuid} NOT NULL REFERENCES person (id),
    name {text} NOT NULL,
    steps {text} NOT NULL,
    PRIMARY KEY (step_group, version)
) {strict};

CREATE TABLE case_group (
    case_id {uuid} NOT NULL REFERENCES test_case (id) ON DELETE CASCADE,
    step_group {uuid} NOT NULL REFERENCES step_group (id),
    PRIMARY KEY (case_id, step_group)
) {strict};
CREATE INDEX case_group_by_group ON case_group (step_group, case_id);

-- ── Change sets ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- What is done to many cases at once. Those that wait for their turn have no outcome; `before` is JSON, in the
-- form of the kind: what the case was.
CREATE TABLE change_set (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    kind {text} NOT NULL,
    change {text} NOT NULL,
    phase {text} NOT NULL,
    total {int} NOT NULL,
    waiting {int} NOT NULL,
    done_at {time} NOT NULL,
    done_by {uuid} NOT NULL REFERENCES person (id),
    moved_at {time} NOT NULL
) {strict};
CREATE INDEX change_set_in_project ON change_set (project, done_at);

CREATE TABLE change_set_case (
    change_set {uuid} NOT NULL REFERENCES change_set (id),
    case_id {uuid} NOT NULL REFERENCES test_case (id),
    before {text},
    outcome {text},
    PRIMARY KEY (change_set, case_id)
) {strict};
CREATE INDEX change_set_case_by_outcome ON change_set_case (change_set, outcome, case_id);

-- ── Fields of one's own ─────────────────────────────────────────────────────────────────────────────────────────────
-- For the whole workspace where `project` is NULL. `kind` never changes. `initial` is what new cases have, as JSON.
CREATE TABLE custom_field (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} REFERENCES project (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    kind {text} NOT NULL,
    required {bool} NOT NULL DEFAULT FALSE,
    initial {text},
    rank {int} NOT NULL,
    created_at {time} NOT NULL,
    trashed_at {time}
) {strict};
CREATE UNIQUE INDEX custom_field_name ON custom_field (workspace, name_key) WHERE project IS NULL AND trashed_at IS NULL;
CREATE UNIQUE INDEX custom_field_name_in_project ON custom_field (project, name_key)
    WHERE project IS NOT NULL AND trashed_at IS NULL;
CREATE INDEX custom_field_trash ON custom_field (trashed_at) WHERE trashed_at IS NOT NULL;

CREATE TABLE custom_option (
    id {uuid} PRIMARY KEY,
    field {uuid} NOT NULL REFERENCES custom_field (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    colour {int} NOT NULL,
    rank {int} NOT NULL,
    archived {bool} NOT NULL DEFAULT FALSE,
    UNIQUE (field, name_key)
) {strict};

-- What a case has in a field, in the column of the field's kind: a row for each option of several, numbered by `place`.
-- `text_key` is the folded beginning of a text or link; `number` is in millionths, and 1 for a tick; `day` as 2026-12-24.
CREATE TABLE case_value (
    case_id {uuid} NOT NULL REFERENCES test_case (id),
    field {uuid} NOT NULL REFERENCES custom_field (id),
    place {int} NOT NULL,
    text {text},
    text_key {text},
    number {int},
    day {text},
    option {uuid} REFERENCES custom_option (id),
    person {uuid} REFERENCES person (id),
    PRIMARY KEY (case_id, field, place)
) {strict};
CREATE INDEX case_value_of_field ON case_value (field, case_id);
CREATE INDEX case_value_by_text ON case_value (field, text_key, case_id) WHERE text_key IS NOT NULL;
CREATE INDEX case_value_by_number ON case_value (field, number, case_id) WHERE number IS NOT NULL;
CREATE INDEX case_value_by_day ON case_value (field, day, case_id) WHERE day IS NOT NULL;
CREATE INDEX case_value_by_option ON case_value (option, case_id) WHERE option IS NOT NULL;
CREATE INDEX case_value_by_person ON case_value (person, field, case_id) WHERE person IS NOT NULL;

-- ── Attachments ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- Files. Bodies lie in the object store by workspace and digest (SHA-256 in hexadecimal), equal ones once. `kind` comes from
-- the first bytes. What was removed stays for a while, so that it can come back and old versions still show it. One that
-- hangs on no case came for a case that was being written.
CREATE TABLE attachment (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    digest {text} NOT NULL,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    size {int} NOT NULL,
    created_at {time} NOT NULL,
    created_by {uuid} NOT NULL REFERENCES person (id),
    removed_at {time}
) {strict};
CREATE INDEX attachment_body ON attachment (workspace, digest);
CREATE INDEX attachment_removed ON attachment (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE case_attachment (
    case_id {uuid} NOT NULL REFERENCES test_case (id) ON DELETE CASCADE,
    attachment {uuid} NOT NULL REFERENCES attachment (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, attachment)
) {strict};
CREATE INDEX case_attachment_by_attachment ON case_attachment (attachment, case_id);

-- ── Saved views ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- Lists of cases as people like to see them; everybody's on the project where `person` is NULL. `query` is the address's.
CREATE TABLE saved_view (
    id {uuid} PRIMARY KEY,
    workspace {uuid} NOT NULL REFERENCES workspace (id),
    project {uuid} NOT NULL REFERENCES project (id),
    person {uuid} REFERENCES person (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    query {text} NOT NULL,
    saved_at {time} NOT NULL,
    saved_by {uuid} NOT NULL REFERENCES person (id)
) {strict};
CREATE UNIQUE INDEX saved_view_own ON saved_view (project, person, name_key) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX saved_view_shared ON saved_view (project, name_key) WHERE person IS NULL;
