//! Who may read, write and help; only this file makes the witnesses.
//!
//! | who | sees | may |
//! |---|---|---|
//! | owner, admin | every article and who asks for help | write, publish, take, close |
//! | technician | who asks for help; a conversation once they have taken or joined it | take, join, close |
//! | viewer | who asks for help | nothing |
//! | client | what is published, and their own conversations | ask, rate, say that it is not needed any more |
//! | everybody else | nothing: 404 | |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    ids::{ArticleId, HelpId},
    knowledge::{ArticleStatus, article, help},
};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::{
        Caller,
        caller::{Desk, PortalClient, TenantAdmin},
    },
};

/// An article of one's own MSP, at `{article}`.
#[derive(Clone, Debug)]
pub struct OwnArticle {
    pub admin: TenantAdmin,
    pub row: article::Model,
    _proof: (),
}

impl Prove for OwnArticle {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let admin = TenantAdmin::prove(request).await?;
        let tx = platform(request).read(admin.caller.reach()).await?;
        let row = queries::article(&tx, admin.tenant, path_id(request, "article")?).await?.ok_or(Error::NotFound)?;
        Ok(Self { admin, row, _proof: () })
    }
}

/// A client at an article that is published.
#[derive(Clone, Debug)]
pub struct ReadableArticle {
    pub client: PortalClient,
    pub row: article::Model,
    _proof: (),
}

impl ReadableArticle {
    pub async fn of(tx: &Tx, client: PortalClient, id: ArticleId) -> Result<Self> {
        let row = queries::article(tx, client.tenant, id).await?;
        let row = row.filter(|row| row.status == ArticleStatus::Published).ok_or(Error::NotFound)?;
        Ok(Self { client, row, _proof: () })
    }
}

impl Prove for ReadableArticle {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let tx = platform(request).read(client.caller.reach()).await?;
        Self::of(&tx, client, path_id(request, "article")?).await
    }
}

/// A client at a conversation they asked for.
#[derive(Clone, Debug)]
pub struct Talk {
    pub client: PortalClient,
    pub row: help::Model,
    _proof: (),
}

impl Prove for Talk {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let tx = platform(request).read(client.caller.reach()).await?;
        let row = queries::help(&tx, client.tenant, path_id(request, "id")?)
            .await?
            .filter(|row| row.account_id == client.caller.account && row.company_id == client.company)
            .ok_or(Error::NotFound)?;
        Ok(Self { client, row, _proof: () })
    }
}

/// Staff at one question.
#[derive(Clone, Debug)]
pub struct HelpSeen {
    pub desk: Desk,
    pub row: help::Model,
    _proof: (),
}

impl HelpSeen {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: HelpId) -> Result<Self> {
        let desk = Desk::of(caller)?;
        let row = queries::help(tx, desk.tenant, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { desk, row, _proof: () })
    }
}

impl Prove for HelpSeen {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        let tx = platform(request).read(caller.reach()).await?;
        Self::of(&tx, caller, path_id(request, "id")?).await
    }
}

/// Staff who may take it, talk and close it.
#[derive(Clone, Debug)]
pub struct HelpWorker {
    pub desk: Desk,
    pub row: help::Model,
    _proof: (),
}

impl HelpWorker {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: HelpId) -> Result<Self> {
        Self::may(HelpSeen::of(tx, caller, id).await?)
    }

    fn may(seen: HelpSeen) -> Result<Self> {
        seen.desk.must_work("Viewers read; an owner, admin or technician talks with clients.")?;
        Ok(Self { desk: seen.desk, row: seen.row, _proof: () })
    }
}

impl Prove for HelpWorker {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::may(HelpSeen::prove(request).await?)
    }
}
