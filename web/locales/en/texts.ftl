# What we answer to texts from people. Keep each within one part of 160 GSM letters.
text-welcome = You will get NHS texts about { $areas }. Free. To leave text STOP. Neges yn Gymraeg? Text CYMRAEG. We never ask for personal details.
text-stopped = You have left our text alerts. We will not text you again. To join again text JOIN.
text-help = Text alerts about NHS services. JOIN and an area to join, STOP to leave, CYMRAEG for Welsh. In an emergency call 999. Urgent advice: 111.
text-which-area = We do not know that area. Text JOIN and the name of your health board area, such as JOIN POWYS. For all areas text JOIN.
text-not-read = Nobody reads these texts. In an emergency call 999. For urgent advice call 111. To leave text STOP. For help text HELP.
