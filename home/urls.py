from django.urls import path

from home import feeds, views

app_name = "home"

urlpatterns = [
    path("site-map/", views.site_map, name="site_map"),
    path("reading/", views.reading_aids, name="reading"),
    path("feeds/announcements/", feeds.AnnouncementFeed(), name="feed_announcements"),
    path("feeds/documents/", feeds.DocumentFeed(), name="feed_documents"),
]
