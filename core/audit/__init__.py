"""The audit trail: what happened, to what, by whom, when. Ids and codes only, sealed into a hash chain afterwards."""
