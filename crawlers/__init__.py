"""What we fetch: Scrapy and nothing else."""
