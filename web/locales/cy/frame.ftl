# Y fframiau o amgylch pob tudalen.

frame-product = Hysbys
frame-main-nav = Prif ddewislen
frame-footer-nav = Am y gwasanaeth hwn
frame-notice = Hysbysiad
frame-og-locale = cy_GB
frame-also = Mae'r dudalen hon hefyd ar gael yn Gymraeg
frame-confirmed = Cadarnhawyd am { $at }
frame-times-uk = Amser y Deyrnas Unedig yw pob amser.
frame-times-zone = Amser { $zone } yw pob amser.
frame-sample-data = Data enghreifftiol. Nid gwefan y GIG yw hon.
frame-demo-clock = Arddangosiad gyda data enghreifftiol yw hwn, nid gwefan y GIG. Mae ei gloc yn dangos { $at }.
