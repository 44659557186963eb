"""The one path."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("scim2/", include("django_scim.urls"))]
