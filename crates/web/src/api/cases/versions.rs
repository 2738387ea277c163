//! Versions of a case.

use app::{App, Failure, cases::versions};
use axum::{Json, extract::State};
use domain::{
    access::{Read, WriteCases},
    actor::Actor,
    time::Time,
    title::VersionName,
};
use serde::{Deserialize, Serialize};
use store::cases::{self, Told};
use utoipa::ToSchema;

use super::body::{CaseBody, FieldsBody, People, Who};
use crate::{
    api::list::List,
    client,
    extract::{Body, CanIn, Keyed, OfCase, OfVersion, Paging},
    failed::Failed,
    problem::Problem,
};

/// A version in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionBody {
    /// Counts from 1 in its case.
    version: i64,
    /// What somebody called it.
    name: Option<String>,
    by: Who,
    #[schema(value_type = String)]
    begun_at: Time,
    /// Of the last save in it.
    #[schema(value_type = String)]
    saved_at: Time,
    /// The version whose content it took up again.
    restored: Option<i64>,
}

impl From<Told> for VersionBody {
    fn from(row: Told) -> Self {
        Self {
            version: row.version,
            name: row.name,
            by: Who { id: Actor::of(row.author, row.service).to_string(), name: row.author_name },
            begun_at: row.begun_at,
            saved_at: row.saved_at,
            restored: row.restored,
        }
    }
}

/// A version with what the case said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeVersionBody {
    /// Counts from 1 in its case.
    version: i64,
    /// What somebody called it.
    name: Option<String>,
    #[schema(value_type = String)]
    saved_at: Time,
    #[serde(flatten)]
    fields: FieldsBody,
}

/// The versions of a case, newest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/versions", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<VersionBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn list(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Json<List<VersionBody>>, Failed> {
    let page = paging.page::<i64>()?;
    let slice = app.read(move |db, _| {
        let case = cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        Ok(cases::versions(db, &may, case.id, &page)?)
    });
    let slice = slice.await?;
    let next_cursor = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.version));
    Ok(Json(List { items: slice.rows.into_iter().map(VersionBody::from).collect(), next_cursor }))
}

/// One version with all that the case said then.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/versions/{version}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("version" = i64, Path)),
    responses((status = OK, body = WholeVersionBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
) -> Result<Json<WholeVersionBody>, Failed> {
    let body = app.read(move |db, _| {
        let case = cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        let kept = cases::version(db, &may, case.id, version)?.ok_or(Failure::Unknown)?;
        let fields = &kept.snapshot.fields;
        let people = People::among(db, &may, [fields.owner, fields.reviewer].into_iter().flatten())?;
        Ok(WholeVersionBody {
            version: kept.version,
            name: kept.name,
            saved_at: kept.saved_at,
            fields: FieldsBody::of(fields, &people),
        })
    });
    Ok(Json(body.await?))
}

/// What a version is to be called.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionNamed {
    /// Null takes the name away.
    #[schema(example = "As in 4.18", max_length = 80)]
    name: Option<String>,
}

impl VersionNamed {
    fn read(&self) -> Result<Option<VersionName>, Failure> {
        named(self.name.as_deref())
    }
}

/// A version's name as typed, or what is wrong with it; nothing takes it away.
pub fn named(name: Option<&str>) -> Result<Option<VersionName>, Failure> {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).map(VersionName::parse).transpose();
    name.map_err(|bad| Failure::invalid("name", bad.code(), bad.to_string()))
}

/// Names a version. The next save begins another one.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/versions/{version}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("version" = i64, Path)), request_body = VersionNamed,
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn name(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
    body: Body<VersionNamed>,
) -> Result<Json<CaseBody>, Failed> {
    let name = body.value.read()?;
    let case = app.write(from.client, move |tx, now| {
        let case = versions::name(tx, &may, which, version, name.as_ref(), now)?;
        CaseBody::of(tx, &may, case)
    });
    Ok(Json(case.await?))
}

/// Makes the case say again what it said in a version, as a new version.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/versions/{version}/restoration",
    tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("version" = i64, Path)),
    responses((status = OK, body = CaseBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem)))]
pub async fn restore(
    CanIn(may): CanIn<WriteCases>,
    caller: crate::extract::Caller,
    client::From(from): client::From,
    State(app): State<App>,
    OfVersion(which, version): OfVersion,
    keyed: Keyed,
) -> Result<Json<CaseBody>, Failed> {
    let (asked, verbs) = (keyed.by(&caller.who), app.clone());
    let case = app.write(from.client, move |tx, now| {
        app::answers::once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let case = versions::restore(tx, &may, which, version, now)?;
            CaseBody::of(tx, &may, case)
        })
    });
    Ok(Json(case.await?))
}
