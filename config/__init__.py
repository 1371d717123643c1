"""Django wiring: settings, root addresses, the WSGI application. No behaviour of the product lives here."""
