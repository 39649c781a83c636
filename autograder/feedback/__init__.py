"""What people read: feedback pages, the class report, summaries, texts for nbgrader."""
