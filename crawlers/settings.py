"""Scrapy's settings: polite by default.  A source's own (delay, user agent) are added by crawlers.run."""

BOT_NAME = "minyi"
SPIDER_MODULES = ["crawlers.spiders"]
USER_AGENT = "Minyi/0.1"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# One request at a time, and never faster than the source's delay.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_MAX_DELAY = 30.0
# Items are taken by SinkMiddleware; Scrapy would start a hundred workers for every page.
CONCURRENT_ITEMS = 1
DOWNLOAD_DELAY_JITTER = 0.2
ROBOTSTXT_OBEY = True

# One session, like a reader's: without cookies a forum opens a new one at every page.
COOKIES_ENABLED = True

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]
REDIRECT_MAX_TIMES = 5
CLOSESPIDER_TIMEOUT = 4 * 3600

# In the order of the lists; what a page links to is fetched before the next page of the list.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "crawlers.middlewares.OwnHostMiddleware": 50,
    "crawlers.middlewares.RobotsMiddleware": 100,
    "crawlers.middlewares.RefusalMiddleware": 500,
    "crawlers.middlewares.CharsetMiddleware": 520,
    "crawlers.middlewares.BusyMiddleware": 550,
    "crawlers.middlewares.SelfRedirectMiddleware": 600,
    "crawlers.middlewares.LeaseMiddleware": 890,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "crawlers.run.SinkMiddleware": 950,
}
TWISTED_DNS_RESOLVER = "crawlers.addresses.PublicResolver"
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
}

# Raw pages are never kept; items never pass the log.
HTTPCACHE_ENABLED = False
LOG_LEVEL = "CRITICAL"
STATS_DUMP = False
