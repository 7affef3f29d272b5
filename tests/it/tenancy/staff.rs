//! Seats at the MSP: who makes whom what.

use entity::identity::account;
use sea_orm::{ActiveModelTrait, Set};

use crate::support::{Browser, Installation};

async fn seat(one: &Installation, key: &str) -> String {
    use entity::{tenancy::staff, wall::Walled};
    use sea_orm::{ColumnTrait, QueryFilter};
    let tx = one.tx().await;
    let account = one.cast.person(key).account;
    staff::Entity::within(tx.reach())
        .filter(staff::Column::AccountId.eq(account))
        .one(&tx)
        .await
        .expect("read")
        .expect("a seat")
        .id
        .to_string()
}

#[actix_web::test]
async fn a_role_is_changed_at_once_and_the_person_signs_in_again() {
    let one = Installation::new().await;
    let (mut mira, mut tom) = (one.browser("mira").await, one.browser("tom").await);
    tom.get("/admin").await.expect(403);
    let tom_seat = seat(&one, "tom").await;
    mira.post(&format!("/admin/staff/{tom_seat}/role"), &[("role", "king")]).await.expect(422);
    mira.post(&format!("/admin/staff/{tom_seat}/role"), &[("role", "admin")]).await.expect(303);
    tom.get_json("/legal/profile").await.expect(401);
    let mut tom = one.browser("tom").await;
    tom.get("/admin").await.expect(200);
    // An admin makes no owners, and touches none.
    let mira_seat = seat(&one, "mira").await;
    let vik_seat = seat(&one, "vik").await;
    tom.post(&format!("/admin/staff/{vik_seat}/role"), &[("role", "owner")]).await.expect(403);
    tom.post(&format!("/admin/staff/{mira_seat}/role"), &[("role", "viewer")]).await.expect(403);
    tom.post(&format!("/admin/staff/{mira_seat}/deactivate"), &[]).await.expect(403);
    tom.post("/admin/staff", &[("name", "X Y"), ("email", "x@harbor.example"), ("role", "owner")]).await.expect(403);
    tom.post(&format!("/admin/staff/{tom_seat}/role"), &[("role", "viewer")]).await.expect(409);
}

#[actix_web::test]
async fn nobody_changes_their_own_seat_and_the_last_owner_stays() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let (mira_seat, tom_seat) = (seat(&one, "mira").await, seat(&one, "tom").await);
    mira.post(&format!("/admin/staff/{mira_seat}/deactivate"), &[]).await.expect(409).shows("own seat");
    mira.post(&format!("/admin/staff/{tom_seat}/role"), &[("role", "owner")]).await.expect(303);
    let mut tom = one.browser("tom").await;
    tom.post(&format!("/admin/staff/{mira_seat}/role"), &[("role", "viewer")]).await.expect(303);
    mira = one.browser("mira").await;
    mira.get("/admin").await.expect(403);
}

#[actix_web::test]
async fn a_deactivated_technician_is_out_at_once_and_back_by_a_button() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let (mut mira, mut tom) = (one.browser("mira").await, one.browser("tom").await);
    let tom_seat = seat(&one, "tom").await;
    mira.post(&format!("/admin/staff/{tom_seat}/deactivate"), &[]).await.expect(303);
    tom.get_json("/legal/profile").await.expect(401);
    let mut door = one.stranger();
    one.password(&mut door, "tom", "harbor-lights-over-quiet-water").await.expect(422).shows("Invalid credentials");
    mira.get("/admin/staff").await.expect(200).shows("Deactivated: cannot sign in");
    mira.post(&format!("/admin/staff/{tom_seat}/deactivate"), &[]).await.expect(409);
    mira.post(&format!("/admin/staff/{tom_seat}/reactivate"), &[]).await.expect(303);
    one.sign_in(&mut door, "tom").await.expect(303);
}

#[actix_web::test]
async fn an_address_that_signs_in_elsewhere_is_invited_like_one_nobody_knows_and_only_the_person_at_it_is_told() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let mut answers = Vec::new();
    for email in ["new@harbor.example", "eve@pine.example", "ada@whitfield.example"] {
        let answer = mira.post("/admin/staff", &[("name", "X Y"), ("email", email), ("role", "member")]).await.expect(303);
        let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        let (seat, row) = line_of(&mut mira, email).await;
        answers.push((answer.location().to_owned(), headers, row.replace(email, "EMAIL")));
        mira.post(&format!("/admin/staff/{seat}/resend"), &[]).await.expect(303);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    one.run_jobs().await;
    assert!(one.newest_link("new@harbor.example").contains("/invite/"));
    for email in ["eve@pine.example", "ada@whitfield.example"] {
        let letters = one.letters_to(email);
        assert_eq!(letters.len(), 2, "invited, and sent again");
        assert!(letters.iter().all(|letter| letter.text.contains("They were not told") && !letter.text.contains("/invite/")));
    }
    // The other seat and the other sign-in are as they were.
    one.browser("eve").await.get("/admin/staff").await.expect(200).shows("Eve Lindqvist").hides("X Y");
    one.sign_in(&mut one.stranger(), "eve").await.expect(303);
    // Nobody signs in there any more: sent again, it is an invitation.
    let eve = account::ActiveModel {
        id: Set(one.cast.person("eve").account),
        email: Set("eve@elm.example".to_owned()),
        ..Default::default()
    };
    eve.update(one.platform.db.whole()).await.expect("another address");
    let again = [("name", "X Y"), ("email", "eve@pine.example"), ("role", "member")];
    mira.post("/admin/staff", &again).await.expect(422).shows("has a seat here already");
    let (seat, _) = line_of(&mut mira, "eve@pine.example").await;
    mira.post(&format!("/admin/staff/{seat}/resend"), &[]).await.expect(303);
    one.run_jobs().await;
    let link = one.newest_link("eve@pine.example");
    one.stranger().get(&link).await.expect(200).shows("Harbor IT");
}

/// The seat of this address and its line in the list of staff.
async fn line_of(mira: &mut Browser, email: &str) -> (String, String) {
    let page = mira.get("/admin/staff").await.expect(200).text;
    let line = page.split("<tr").find(|line| line.contains(email)).expect("a line in the list").to_owned();
    let seat = line.split("/admin/staff/").nth(1).expect("a seat")[..36].to_owned();
    let ids: Vec<&str> = line.split(['"', '/']).filter(|part| part.len() == 36).collect();
    let line = ids.iter().fold(line.clone(), |line, id| line.replace(id, "ID"));
    (seat, line)
}

#[actix_web::test]
async fn a_form_of_an_invitation_that_is_refused_comes_back() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.post("/admin/staff", &[("name", "Tom"), ("email", "tom@harbor.example"), ("role", "member")])
        .await
        .expect(422)
        .shows("has a seat here already");
    mira.post("/admin/staff", &[("name", ""), ("email", "new@harbor.example"), ("role", "")])
        .await
        .expect(422)
        .shows("Choose a role");
}

#[actix_web::test]
async fn eve_changes_no_seat_of_harbor() {
    let one = Installation::new().await;
    let mut eve = one.browser("eve").await;
    let tom = seat(&one, "tom").await;
    eve.post(&format!("/admin/staff/{tom}/role"), &[("role", "viewer")]).await.expect(404);
    for verb in ["resend", "deactivate", "reactivate", "unlock"] {
        eve.post(&format!("/admin/staff/{tom}/{verb}"), &[]).await.expect(404);
    }
    eve.get("/admin/staff").await.expect(200).hides("Tom Okafor").shows("Eve Lindqvist");
}
