# The frames around every page.

frame-product = Hysbys
frame-main-nav = Main
frame-footer-nav = About this service
frame-notice = Notice
frame-og-locale = en_GB
frame-also = This page is also available in English
frame-confirmed = Confirmed at { $at }
frame-times-uk = All times are UK time.
frame-times-zone = All times are those of { $zone }.
frame-sample-data = Sample data, not an NHS site.
frame-demo-clock = This is a demonstration with sample data, not an NHS site. Its clock reads { $at }.
