//! Addresses of pages, so that templates, handlers and tests spell each one once.
//!
//! A workspace's slug and an id hold only letters, digits and hyphens, so nothing needs escaping.

/// Sign in; `next` brings the person back to where they wanted to go.
pub const SIGN_IN: &str = "/sign-in";
/// End the session.
pub const SIGN_OUT: &str = "/sign-out";
/// Ask for a link to set a new password.
pub const FORGOT_PASSWORD: &str = "/forgot-password";
/// The same after asking.
pub const FORGOT_PASSWORD_SENT: &str = "/forgot-password?sent=1";
/// What such a link leads to.
pub const RESET: &str = "/reset";
/// What a link to prove an address leads to.
pub const VERIFY: &str = "/verify";
/// One's own account.
pub const PROFILE: &str = "/profile";
/// Add an address.
pub const ADDRESSES: &str = "/profile/addresses";
/// Mail a link to an address once more.
pub const ADDRESS_LINK: &str = "/profile/addresses/link";
/// Give up an address that waits to be proved.
pub const ADDRESS_CANCELLATION: &str = "/profile/addresses/cancellation";
/// Change one's password.
pub const PASSWORD: &str = "/profile/password";
/// Give up one's account.
pub const DELETION: &str = "/profile/deletion";
/// End all other sessions of one's own.
pub const OTHER_SESSIONS: &str = "/profile/sessions/others";
/// First run.
pub const SETUP: &str = "/setup";
/// The workspaces of whoever is signed in, or sign-in.
pub const HOME: &str = "/";
/// What an invitation link leads to.
pub const JOIN: &str = "/join";
/// Accept the invitation.
pub const JOIN_ACCEPTANCE: &str = "/join/acceptance";
/// Type address and code.
pub const JOIN_CODE: &str = "/join/code";
/// Ask for a new link in place of an expired one.
pub const JOIN_RENEWAL: &str = "/join/renewal";
/// Decline the invitation.
pub const JOIN_REFUSAL: &str = "/join/refusal";
/// Sign out and come back to the invitation.
pub const JOIN_SIGN_OUT: &str = "/join/sign-out";
/// The server's own page, for operators.
pub const OPERATOR: &str = "/operator";
/// Where its settings are sent.
pub const OPERATOR_SETTINGS: &str = "/operator/settings";
/// Take a workspace out of the trash.
pub fn restoration(workspace: &str) -> String {
    format!("/operator/workspaces/{workspace}/restoration")
}

/// Everything of a workspace as a file.
pub fn export(workspace: &str) -> String {
    format!("/w/{workspace}/export")
}

/// Delete a workspace.
pub fn deletion(workspace: &str) -> String {
    format!("/w/{workspace}/deletion")
}

/// The API's own documentation.
pub const API_DOCS: &str = "/api/docs";

/// The mail of the whole server; its form is posted there, too.
pub const OPERATOR_MAIL: &str = "/operator/mail";
/// Remove the mail server.
pub const OPERATOR_MAIL_REMOVAL: &str = "/operator/mail/removal";
/// Send a test letter.
pub const OPERATOR_MAIL_TEST: &str = "/operator/mail/test";
/// Pause the mail of the whole server.
pub const OPERATOR_MAIL_PAUSE: &str = "/operator/mail/pause";
/// Let it flow again.
pub const OPERATOR_MAIL_RESUMPTION: &str = "/operator/mail/resumption";
/// Try it at once.
pub const OPERATOR_MAIL_PROBE: &str = "/operator/mail/probe";

/// Make an address the primary one.
pub fn primary_address(id: &str) -> String {
    format!("/profile/addresses/{id}/primary")
}

/// Remove an address.
pub fn address_removal(id: &str) -> String {
    format!("/profile/addresses/{id}/removal")
}

/// Leave a workspace.
pub fn leaving(workspace: &str) -> String {
    format!("/profile/workspaces/{workspace}/leaving")
}

/// End a session of one's own.
pub fn session_end(id: &str) -> String {
    format!("/profile/sessions/{id}/end")
}

/// A workspace's dashboard.
pub fn dashboard(workspace: &str) -> String {
    format!("/w/{workspace}")
}

/// What open pages of a workspace listen to.
pub fn events(workspace: &str) -> String {
    format!("/w/{workspace}/events")
}

/// Search; the command palette asks it too.
pub fn search(workspace: &str) -> String {
    format!("/w/{workspace}/search")
}

/// Settings > Users.
pub fn users(workspace: &str) -> String {
    format!("/w/{workspace}/settings/users")
}

/// One member.
pub fn member(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/members/{id}")
}

/// What a deed would change for members, before it is done.
pub fn member_review(workspace: &str) -> String {
    format!("/w/{workspace}/members/review")
}

/// The same for one deed and one member.
pub fn member_deed(workspace: &str, deed: &str, id: &str) -> String {
    format!("/w/{workspace}/members/review?do={deed}&member={id}")
}

/// Where a deed is sent.
pub fn member_deeds(workspace: &str) -> String {
    format!("/w/{workspace}/members/deeds")
}

/// Settings > Roles and rights.
pub fn roles(workspace: &str) -> String {
    format!("/w/{workspace}/settings/roles")
}

/// One project's settings and people.
pub fn project(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/settings/projects/{key}")
}

/// Settings of the workspace, or of one project.
fn settled(workspace: &str, project: Option<&str>) -> String {
    project.map_or_else(|| format!("/w/{workspace}/settings"), |key| self::project(workspace, key))
}

/// The values of properties; each property is added to there.
pub fn properties(workspace: &str, project: Option<&str>) -> String {
    format!("{}/properties", settled(workspace, project))
}

/// Add a value to a property.
pub fn property(workspace: &str, project: Option<&str>, kind: &str) -> String {
    format!("{}/properties/{kind}", settled(workspace, project))
}

/// One value of a property: its page, and where changes are sent.
pub fn property_value(workspace: &str, project: Option<&str>, kind: &str, key: &i64) -> String {
    format!("{}/properties/{kind}/{key}", settled(workspace, project))
}

/// Fields of one's own: the page, and where a new one is sent.
pub fn fields(workspace: &str, project: Option<&str>) -> String {
    format!("{}/fields", settled(workspace, project))
}

/// One field: its page, and where changes are sent.
pub fn field(workspace: &str, project: Option<&str>, id: &str) -> String {
    format!("{}/fields/{id}", settled(workspace, project))
}

/// Labels of a project: the page, and where a new one is sent.
pub fn labels(workspace: &str, key: &str) -> String {
    format!("{}/labels", project(workspace, key))
}

/// One label: its page, and where changes are sent.
pub fn label(workspace: &str, key: &str, id: &str) -> String {
    format!("{}/labels/{id}", project(workspace, key))
}

/// Archive a project.
pub fn project_archive(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/settings/projects/{key}/archive")
}

/// Reopen an archived project.
pub fn project_reopening(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/settings/projects/{key}/reopening")
}

/// Delete a project.
pub fn project_deletion(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/settings/projects/{key}/deletion")
}

/// Take a project out of the trash.
pub fn project_restoration(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/settings/projects/{key}/restoration")
}

/// Make a project a favourite, or no more.
pub fn project_favourite(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/projects/{key}/favourite")
}

/// Invite Team as a page of its own.
pub fn invite(workspace: &str) -> String {
    format!("/w/{workspace}/settings/users/invite")
}

/// Where Invite Team is sent.
pub fn invitations(workspace: &str) -> String {
    format!("/w/{workspace}/invitations")
}

/// The dry run of Invite Team.
pub fn invitations_preview(workspace: &str) -> String {
    format!("/api/v1/workspaces/{workspace}/invitations/preview")
}

/// The head of a table of recipients, as a file.
pub const TEMPLATE: &str = "/invite-team.csv";

/// Invite Team with what could not be sent of a batch, to be mended.
pub fn mend(workspace: &str, batch: &str) -> String {
    format!("{}?batch={}", invite(workspace), query(batch))
}

/// Settings > Users with the result of a batch.
pub fn batch(workspace: &str, batch: &str) -> String {
    format!("{}?batch={}", users(workspace), query(batch))
}

fn query(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Let a deactivated member in again, by the API.
pub fn members(workspace: &str) -> String {
    format!("/api/v1/workspaces/{workspace}/members")
}

/// Make the links of a batch to copy.
pub fn invitation_links(workspace: &str) -> String {
    format!("/w/{workspace}/invitations/links")
}

/// Make a link to copy.
pub fn invitation_link(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/link")
}

/// One invitation, with its history.
pub fn invitation(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}")
}

/// Send an invitation again.
pub fn invitation_resending(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/resending")
}

/// Correct an invitation's address: the form, and where it is sent.
pub fn invitation_correction(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/correction")
}

/// Edit an invitation: the form, and where it is sent.
pub fn invitation_editing(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/editing")
}

/// Sponsor an invitation.
pub fn invitation_sponsorship(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/sponsorship")
}

/// Send many invitations again.
pub fn invitations_resending(workspace: &str) -> String {
    format!("/w/{workspace}/invitations/resending")
}

/// Revoke many invitations.
pub fn invitations_revocation(workspace: &str) -> String {
    format!("/w/{workspace}/invitations/revocation")
}

/// Revoke an invitation.
pub fn invitation_revocation(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/invitations/{id}/revocation")
}

/// Settings > General.
pub fn general(workspace: &str) -> String {
    format!("/w/{workspace}/settings/general")
}

/// Where the domains of Settings > General are sent.
pub fn domains(workspace: &str) -> String {
    format!("/w/{workspace}/settings/domains")
}

/// Settings > Projects.
pub fn projects(workspace: &str) -> String {
    format!("/w/{workspace}/settings/projects")
}

/// Where a new project is sent.
pub fn new_project(workspace: &str) -> String {
    format!("/w/{workspace}/projects")
}

/// Settings > API keys.
pub fn api_keys(workspace: &str) -> String {
    format!("/w/{workspace}/settings/api-keys")
}

/// Where a new API key is sent.
pub fn new_api_key(workspace: &str) -> String {
    format!("/w/{workspace}/api-keys")
}

/// Revoke an API key.
pub fn api_key_revocation(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/api-keys/{id}/revocation")
}

/// Settings > Audit log.
pub fn audit(workspace: &str) -> String {
    format!("/w/{workspace}/settings/audit")
}

/// Take the audit log out as a file.
pub fn audit_exports(workspace: &str) -> String {
    format!("/w/{workspace}/audit/exports")
}

/// Settings > Service accounts.
pub fn service_accounts(workspace: &str) -> String {
    format!("/w/{workspace}/settings/service-accounts")
}

/// One service account with its keys.
pub fn service_account(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/settings/service-accounts/{id}")
}

/// Where a new service account is sent.
pub fn new_service_account(workspace: &str) -> String {
    format!("/w/{workspace}/service-accounts")
}

/// Where a new key of a service account is sent.
pub fn new_service_account_key(workspace: &str, id: &str) -> String {
    format!("/w/{workspace}/service-accounts/{id}/api-keys")
}

/// Settings > Mail.
pub fn mail(workspace: &str) -> String {
    format!("/w/{workspace}/settings/mail")
}

/// Pause the workspace's mail.
pub fn mail_pause(workspace: &str) -> String {
    format!("/w/{workspace}/mail/pause")
}

/// Let the workspace's mail flow again.
pub fn mail_resumption(workspace: &str) -> String {
    format!("/w/{workspace}/mail/resumption")
}

/// Have the workspace's waiting mail tried now.
pub fn mail_retry(workspace: &str) -> String {
    format!("/w/{workspace}/mail/retry")
}

/// A project's cases.
pub fn repository(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}")
}

/// Write a case; where the form is sent is [`cases`].
pub fn new_case(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/new")
}

/// Where a new case is sent.
pub fn cases(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases")
}

/// One case; changes are sent here, too.
pub fn case(workspace: &str, key: &str, number: &impl std::fmt::Display) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}")
}

/// Where the form of a case is sent: a new one has no number.
pub fn case_sent(workspace: &str, key: &str, number: Option<i64>) -> String {
    number.map_or_else(|| cases(workspace, key), |number| case(workspace, key, &number))
}

/// Where files for a case are sent.
pub fn case_files(workspace: &str, key: &str, number: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/attachments")
}

/// A file of a project.
pub fn attachment(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/attachments/{id}")
}

/// Take a file off its cases.
pub fn attachment_removal(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/attachments/{id}/removal")
}

/// Put a file back.
pub fn attachment_restoration(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/attachments/{id}/restoration")
}

/// Where an editor sends pictures, of a case or of one that has no number yet.
pub fn pictures_call(workspace: &str, key: &str, number: Option<i64>) -> String {
    let project = format!("/api/v1/workspaces/{workspace}/projects/{key}");
    number.map_or_else(|| format!("{project}/attachments"), |number| format!("{project}/cases/{number}/attachments"))
}

/// Change a case.
pub fn case_edit(workspace: &str, key: &str, number: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/edit")
}

/// What is said about a case in review.
pub fn case_review(workspace: &str, key: &str, number: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/review")
}

/// The versions of a case.
pub fn case_versions(workspace: &str, key: &str, number: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/versions")
}

/// One version of a case, beside the one before.
pub fn case_version(workspace: &str, key: &str, number: &i64, version: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/versions/{version}")
}

/// Name a version.
pub fn case_version_name(workspace: &str, key: &str, number: &i64, version: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/versions/{version}/name")
}

/// Take up a version again.
pub fn case_restoration(workspace: &str, key: &str, number: &i64, version: &i64) -> String {
    format!("/w/{workspace}/p/{key}/cases/{number}/versions/{version}/restoration")
}

/// A case in the API, which the editor saves to.
pub fn case_call(workspace: &str, key: &str, number: &i64) -> String {
    format!("/api/v1/workspaces/{workspace}/projects/{key}/cases/{number}")
}

/// Markdown as it will be shown.
pub fn markdown_preview(workspace: &str, key: &str) -> String {
    format!("/api/v1/workspaces/{workspace}/projects/{key}/markdown")
}

/// Pasted text as steps.
pub fn pasted_steps(workspace: &str, key: &str) -> String {
    format!("/api/v1/workspaces/{workspace}/projects/{key}/pasted-steps")
}

/// Where the next case of a list is sent, by its title alone.
pub fn case_line(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/line")
}

/// Take cases up, to be laid down elsewhere.
pub fn cases_take_up(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/taking-up")
}

/// Move cases.
pub fn cases_move(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/move")
}

/// Delete cases.
pub fn cases_deletion(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/deletion")
}

/// Save a list for oneself.
pub fn views(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/views")
}

/// Save a list for everybody on the project.
pub fn shared_views(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/shared-views")
}

/// Delete a saved list.
pub fn view_deletion(workspace: &str, key: &str, id: &str, shared: &bool) -> String {
    format!("/w/{workspace}/p/{key}/{}/{id}/deletion", if *shared { "shared-views" } else { "views" })
}

/// Ask whereto cases are cloned.
pub fn cases_cloning(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cloning")
}

/// Clone cases.
pub fn cases_clone(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/clone")
}

/// Choose values for cases: those selected, or those of the words behind.
pub fn cases_editing(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/editing")
}

/// Give cases values.
pub fn cases_edit(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/cases/edit")
}

/// What was done to many cases, and how far it is.
pub fn change_set(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/changes/{id}")
}

/// Go on with what stopped on its way.
pub fn change_on(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/changes/{id}/go-on")
}

/// Take back what was done to many cases.
pub fn change_undo(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/changes/{id}/undo")
}

/// Make a folder.
pub fn folders(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/folders")
}

/// Rename a folder.
pub fn folder(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/folders/{id}")
}

/// Move a folder.
pub fn folder_move(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/folders/move")
}

/// Delete a folder.
pub fn folder_deletion(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/folders/{id}/deletion")
}

/// What was deleted in a project.
pub fn trash(workspace: &str, key: &str) -> String {
    format!("/w/{workspace}/p/{key}/trash")
}

/// Take an act of deletion back.
pub fn trash_restoration(workspace: &str, key: &str, id: &str) -> String {
    format!("/w/{workspace}/p/{key}/trash/{id}/restoration")
}

/// A project in the API.
pub fn project_call(workspace: &str, key: &str) -> String {
    format!("/api/v1/workspaces/{workspace}/projects/{key}")
}
