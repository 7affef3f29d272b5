//! What the MSP tells its clients, to whom, and who has read it.
pub mod announcement;
pub mod read;
pub mod target;

pub use announcement::AnnouncementStatus;
