"""Campaigns: one picture under many hashtags or by many authors, kept up to date as posts come."""
