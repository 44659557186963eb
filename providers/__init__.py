"""The outside world: SMS gateways, mail servers and other remote parties, the only importer of requests and smtplib."""
