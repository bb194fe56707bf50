from django.urls import path

from home import feedback_views, feeds, views

app_name = "home"

urlpatterns = [
    path("site-map/", views.site_map, name="site_map"),
    path("useful/", feedback_views.vote, name="useful"),
    path("feedback/", feedback_views.comment, name="feedback"),
    path("reading/", views.reading_aids, name="reading"),
    path("feeds/announcements/", feeds.AnnouncementFeed(), name="feed_announcements"),
    path("feeds/documents/", feeds.DocumentFeed(), name="feed_documents"),
]
