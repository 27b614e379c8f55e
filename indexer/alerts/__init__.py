"""E-mail alerts: what the service hands over is taken up, followed searches are looked at, what is
new is mailed.
"""
