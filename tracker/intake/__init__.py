"""The doors a rating comes in by: survey link, kiosk, interview, file, webhook."""
