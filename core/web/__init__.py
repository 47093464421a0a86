"""What every page and every API endpoint shares: refusals as answers, security headers, posting once."""
