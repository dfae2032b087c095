"""Every speed that we claim, side by side with what it is compared to."""
