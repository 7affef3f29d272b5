//! Other programs of the story: a key of Harbor IT's dashboard, a webhook that is being set up, and a document that another
//! installation pushed by mistake and Mira withdrew.

use entity::{
    Reach,
    ids::{ApiKeyId, DeliveryId, HookId, PushedId},
};

use super::stage::Stage;
use crate::{
    integrations::outgoing,
    platform::{Actor, Error, Result},
    programs::{NewKey, create_key},
    pushed::{Push, push},
    signing,
    tenancy::{self, caller::TenantAdmin},
};

pub struct Programs {
    pub key: ApiKeyId,
    pub hook: HookId,
    pub delivery: DeliveryId,
    pub pushed: PushedId,
}

pub async fn fill(stage: &Stage<'_>) -> Result<Programs> {
    let admin = TenantAdmin::of(stage.caller("mira"))?;
    let input = NewKey {
        name: "Wall dashboard".to_owned(),
        scopes: ["clients:read", "policies:read", "tickets:read"].map(str::to_owned).to_vec(),
        days: "180".to_owned(),
        key: String::new(),
    };
    let mut work = stage.work("mira").await?;
    let (key, _) = create_key(&mut work, &admin, &input).await?.ok_or(Error::NotFound)?;
    work.commit().await?;
    let mut work = stage.work("mira").await?;
    let (hook, delivery) = outgoing::set_up_for_demo(&mut work, &admin).await?;
    work.commit().await?;
    Ok(Programs { key, hook, delivery, pushed: pushed(stage).await? })
}

async fn pushed(stage: &Stage<'_>) -> Result<PushedId> {
    let document = Push {
        tenant: "harbor".to_owned(),
        company_id: Some(stage.cast.bluefin),
        company_number: None,
        external_id: "northwind-2044".to_owned(),
        title: "Warehouse Access Terms".to_owned(),
        text_html: "<h2>Access</h2><p>Bluefin Freight lets Northwind's couriers into bay 4 on working days.</p>".to_owned(),
        signers: vec![serde_json::from_value(serde_json::json!({ "email": stage.cast.person("gus").email }))?],
        issuer: Some("Northwind IT".to_owned()),
        sequential: false,
        deadline: None,
        reminder_days: None,
        scroll_to_end: None,
    };
    let reach = Reach::Tenants(vec![stage.cast.harbor]);
    let mut work = stage.platform.work(Actor::program("another installation"), reach).await?;
    let tenant = tenancy::tenant(work.read(), stage.cast.harbor).await?.ok_or(Error::NotFound)?;
    let (row, _) = push(&mut work, &tenant, &document).await?;
    work.commit().await?;
    let mut work = stage.work("mira").await?;
    signing::void(&mut work, row.envelope_id, "Meant for another client").await?;
    work.commit().await?;
    Ok(row.id)
}
