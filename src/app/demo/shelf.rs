//! What lies in the vault beside agreements and matters.

use entity::ids::DocumentId;

use super::{
    papers,
    stage::{Paper, Stage},
};
use crate::{
    platform::Result,
    vault::{Audience, Category, IN_THE_VAULT},
};

pub async fn fill(stage: &Stage<'_>) -> Result<Vec<DocumentId>> {
    let cast = stage.cast;
    let paper = |category, title, file_name, bytes| Paper {
        tenant: cast.harbor,
        company: Some(cast.acme),
        category,
        title,
        file_name,
        owner: IN_THE_VAULT.to_owned(),
        audience: vec![Audience::Staff, Audience::Attorneys],
        bytes,
    };
    let certificate = papers::pdf(&[
        "Certificate of Insurance",
        "Insured: Harbor IT LLC",
        "Cyber liability: $2,000,000 each claim",
        "Period: one year from January 1",
    ]);
    let letter = papers::docx(&[
        "Dear Ms. Kim,",
        "enclosed you will find the certificate of insurance that your agreement asks for.",
        "With kind regards, Mira Castellan",
    ])?;
    let mail =
        b"From: Dora Kim <dora@acmedental.example>\r\nTo: Mira Castellan <mira@harbor.example>\r\nSubject: Certificate\r\n\r\n\
                 Thank you, received. Please send next year's in December.\r\n";
    let clause =
        b"# Data return when a client leaves\n\nWithin 30 days the Provider hands over all client data in a common format.\n";
    let sheet = b"client,agreement,renews\nAcme Dental,MSA,2027-03-01\nBluefin Freight,MSA,2027-06-01\n";
    let shared = Paper {
        audience: vec![Audience::Staff, Audience::Attorneys, Audience::Company(cast.acme)],
        ..paper(Category::Contracts, "Certificate of insurance", "certificate-of-insurance.pdf", certificate)
    };
    let plain = Paper { company: None, ..paper(Category::CustomWork, "Clause: data return", "data-return.md", clause.to_vec()) };
    let list = Paper { company: None, ..paper(Category::Templates, "Renewal calendar", "renewals.csv", sheet.to_vec()) };
    let mut documents = Vec::new();
    documents.push(stage.file("mira", shared).await?);
    documents.push(stage.file("mira", paper(Category::Correspondence, "Letter to Acme Dental", "letter-acme.docx", letter)).await?);
    documents
        .push(stage.file("mira", paper(Category::Correspondence, "Reply of Acme Dental", "reply-acme.eml", mail.to_vec())).await?);
    stage.minutes(25).await?;
    documents.push(stage.file("ada", plain).await?);
    documents.push(stage.file("tom", list).await?);
    Ok(documents)
}

pub async fn pine(stage: &Stage<'_>) -> Result<DocumentId> {
    let paper = Paper {
        tenant: stage.cast.pine,
        company: Some(stage.cast.fir),
        category: Category::Contracts,
        title: "Fir Clinic, signed offer",
        file_name: "fir-offer.pdf",
        owner: IN_THE_VAULT.to_owned(),
        audience: vec![Audience::Staff],
        bytes: papers::pdf(&["Offer", "Pine MSP for Fir Clinic", "Managed services, 18 seats"]),
    };
    stage.file("eve", paper).await
}
