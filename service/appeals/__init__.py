"""Authors' appeals: received, reviewed by another moderator, and answered with a callback."""
