{% load static %}// The parts of the service worker by their present names; what it does stands in worker.js.
importScripts("{% static 'field/offline/store.js' %}", "{% static 'field/offline/keep.js' %}", "{% static 'field/offline/send.js' %}", "{% static 'field/offline/worker.js' %}");
