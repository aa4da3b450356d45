"""Nouns into a page that people would rather look at than read."""

from sandcone.reporting.booked_month import BookedMonth
from sandcone.reporting.files import as_json, writable, write
from sandcone.reporting.next_weeks import NextWeeks
from sandcone.reporting.page import page
from sandcone.reporting.plan_page import plan_page
from sandcone.reporting.quality import quality
from sandcone.reporting.summary import summary

__all__ = ["BookedMonth", "NextWeeks", "as_json", "page", "plan_page", "quality", "summary", "writable", "write"]
