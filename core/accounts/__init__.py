"""Who signs in, in which programme, in which role, and with which tokens programs act for them."""
