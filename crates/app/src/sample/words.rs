//! What the sample is about: a web shop, as its team of testers would divide it up.

/// A part of the shop.
pub struct Area {
    /// The folder.
    pub name: &'static str,
    /// The folders in it.
    pub parts: &'static [Part],
}

/// A part of an area.
pub struct Part {
    /// The folder.
    pub name: &'static str,
    /// Where it is seen, as in "Open …".
    pub page: &'static str,
    /// What is done there, and what is to be seen then.
    pub deeds: &'static [(&'static str, &'static str)],
}

/// A circumstance: how the title ends, and the step it takes.
pub struct Twist {
    /// "Redeem a gift card …".
    pub words: &'static str,
    /// What is done about it first.
    pub step: &'static str,
    /// What is seen then.
    pub seen: &'static str,
}

const fn part(name: &'static str, page: &'static str, deeds: &'static [(&'static str, &'static str)]) -> Part {
    Part { name, page, deeds }
}

const fn twist(words: &'static str, step: &'static str, seen: &'static str) -> Twist {
    Twist { words, step, seen }
}

/// The folders at the top.
pub const AREAS: &[Area] = &[
    Area {
        name: "Accounts",
        parts: &[
            part(
                "Registration",
                "the registration page",
                &[
                    ("Create an account", "A letter to prove the address arrives within a minute"),
                    (
                        "Register with an address that is in use",
                        "The page answers as for a new address, and the owner gets a letter",
                    ),
                    ("Choose a password that is easy to guess", "The password is refused, and the page says why"),
                ],
            ),
            part(
                "Sign-in",
                "the sign-in page",
                &[
                    ("Sign in with a wrong password", "The page says that address or password is wrong, not which"),
                    ("Sign in", "The page that was asked for opens"),
                    ("Sign out", "The session ends on this device alone"),
                ],
            ),
            part(
                "Password reset",
                "the page *Forgot password*",
                &[
                    ("Reset a forgotten password", "The new password works and the old one does not"),
                    ("Use a reset link twice", "The second use says that the link is spent"),
                    ("Ask for a reset five times", "The fifth letter waits, and the page says for how long"),
                ],
            ),
            part(
                "Profile",
                "the profile",
                &[
                    ("Change the display name", "The new name stands in the head of every page"),
                    ("Change the address", "The old address gets a letter about it"),
                    ("Delete the account", "Orders stay in the books without a name"),
                ],
            ),
        ],
    },
    Area {
        name: "Catalogue",
        parts: &[
            part(
                "Product page",
                "a product page",
                &[
                    ("Choose a variant", "Price, picture and stock are those of the variant"),
                    ("Zoom into a picture", "The picture fills the window and closes with Esc"),
                    ("Read the reviews", "Reviews are sorted by date, newest first"),
                ],
            ),
            part(
                "Categories",
                "a category",
                &[
                    ("Filter by size and colour", "Only products that have both are listed"),
                    ("Sort by price", "Prices rise from row to row, discounts included"),
                    ("Go to the last page", "The last page is not empty"),
                ],
            ),
            part(
                "Search",
                "the search field",
                &[
                    ("Search for a product by its number", "The product is the first hit"),
                    ("Search with a spelling mistake", "A correction is offered"),
                    ("Search for nothing", "The page says what to do, and shows no hits"),
                ],
            ),
            part(
                "Stock",
                "a product page",
                &[
                    ("Open a product that is sold out", "*Notify me* stands in place of *Add to cart*"),
                    ("Ask to be told when it is back", "A letter arrives once it is in stock"),
                    ("Buy the last piece", "The product is sold out for everybody else"),
                ],
            ),
        ],
    },
    Area {
        name: "Cart",
        parts: &[
            part(
                "Lines",
                "the cart",
                &[
                    ("Add a product", "The line shows product, variant, number and price"),
                    ("Change the number of pieces", "Line and total follow at once"),
                    ("Remove a line", "The line is gone and *Undo* brings it back"),
                ],
            ),
            part(
                "Merging",
                "the cart",
                &[
                    ("Sign in with a cart on both devices", "Both carts become one, and no line is lost"),
                    ("Keep a cart for a month", "The cart is as it was, with today's prices"),
                ],
            ),
            part(
                "Totals",
                "the cart",
                &[
                    ("Compare the total with the lines", "The total is the sum of the lines less discounts"),
                    ("Round a discount", "Half a cent is rounded up, once, in the total"),
                ],
            ),
        ],
    },
    Area {
        name: "Checkout",
        parts: &[
            part(
                "Address",
                "the checkout",
                &[
                    ("Enter an address abroad", "Postcode and state follow the rules of the country"),
                    ("Choose a saved address", "All fields are filled from it"),
                    ("Leave the street empty", "The field says what is missing, and the rest is kept"),
                ],
            ),
            part(
                "Delivery",
                "the checkout",
                &[
                    ("Choose express delivery", "The price of delivery and the day of arrival change"),
                    ("Send a large parcel", "Pick-up points are not offered"),
                    ("Collect in a store", "The store's opening hours are shown"),
                ],
            ),
            part(
                "Review and order",
                "the last step of the checkout",
                &[
                    ("Place an order", "The order has a number, and a letter confirms it"),
                    ("Press *Order* twice", "One order is made, and one payment"),
                    ("Go back from the last step", "Everything typed is still there"),
                ],
            ),
        ],
    },
    Area {
        name: "Payments",
        parts: &[
            part(
                "Cards",
                "the payment step",
                &[
                    ("Pay by card", "The payment is captured when the parcel leaves"),
                    ("Pay with a card that is declined", "The page says so and offers other ways; no order is made"),
                    ("Confirm a payment at the bank", "The order goes on where it was"),
                ],
            ),
            part(
                "Wallets",
                "the payment step",
                &[
                    ("Pay by wallet", "Name and address come from the wallet"),
                    ("Cancel in the wallet's window", "The checkout is as before"),
                ],
            ),
            part(
                "Gift cards",
                "the payment step",
                &[
                    ("Redeem a gift card", "Its value is taken off the total"),
                    ("Redeem two gift cards", "Both are used, the one that ends first before the other"),
                    ("Redeem a gift card worth more than the order", "The rest stays on the card"),
                ],
            ),
            part(
                "Refunds",
                "an order in the back office",
                &[
                    ("Refund an order", "The money goes back the way it came"),
                    ("Refund a part of an order", "Tax is refunded in proportion"),
                ],
            ),
        ],
    },
    Area {
        name: "Orders",
        parts: &[
            part(
                "History",
                "the list of orders",
                &[
                    ("Find an order of last year", "The order opens with its invoice"),
                    ("Order the same again", "The cart holds what can still be bought, and says what cannot"),
                ],
            ),
            part(
                "Tracking",
                "an order",
                &[
                    ("Follow a parcel", "Each stop of the parcel has a time and a place"),
                    ("Follow an order in two parcels", "Each parcel has a state of its own"),
                ],
            ),
            part(
                "Changes",
                "an order",
                &[
                    ("Cancel an order before it is packed", "The order is cancelled, and stock is given back"),
                    ("Change the address of an order", "The label is printed with the new address"),
                ],
            ),
        ],
    },
    Area {
        name: "Returns",
        parts: &[
            part(
                "Announcing",
                "an order",
                &[
                    ("Return one of three pieces", "The label is for one piece, and the refund is shown"),
                    ("Return after the period", "The page says until when a return was possible"),
                ],
            ),
            part(
                "Receiving",
                "the returns desk",
                &[
                    ("Accept a return", "Stock rises, and the refund is started"),
                    ("Refuse a damaged piece", "The customer gets a letter with the reason"),
                ],
            ),
        ],
    },
    Area {
        name: "Promotions",
        parts: &[
            part(
                "Vouchers",
                "the cart",
                &[
                    ("Redeem a voucher", "The discount is a line of its own"),
                    ("Redeem a voucher that is over", "The page says when it ended"),
                    ("Redeem a voucher meant for somebody else", "The voucher is refused without naming anybody"),
                ],
            ),
            part(
                "Campaigns",
                "the campaigns in the back office",
                &[
                    ("Start a campaign at midnight", "Prices change at midnight of the shop's time zone"),
                    ("Let two campaigns meet on one product", "The better price for the customer holds"),
                ],
            ),
            part(
                "Loyalty",
                "the loyalty page",
                &[
                    ("Earn points with an order", "Points come after the period of return"),
                    ("Pay with points", "Points are taken before money"),
                ],
            ),
        ],
    },
    Area {
        name: "Back office",
        parts: &[
            part(
                "Products",
                "the product editor",
                &[
                    ("Save a product with an unsaved picture", "The editor asks before it closes"),
                    ("Import products from a table", "Each row is reported as made, changed or refused"),
                    ("Withdraw a product", "It is out of the shop, and old orders still show it"),
                ],
            ),
            part(
                "Roles",
                "the page *Users*",
                &[
                    ("Open a page without the right to it", "The page says who can give the right"),
                    ("Take a role away from somebody signed in", "The right is gone with his next click"),
                ],
            ),
            part(
                "Reports",
                "the reports",
                &[
                    ("Export a month of orders", "The file has a row for each order and opens in a spreadsheet"),
                    ("Compare two months", "Sums agree with the accounts to the cent"),
                ],
            ),
        ],
    },
    Area {
        name: "Letters",
        parts: &[
            part(
                "Order confirmation",
                "the mailbox",
                &[
                    ("Read the confirmation", "Lines, totals and addresses are those of the order"),
                    ("Open the order from the letter", "The order opens after signing in"),
                ],
            ),
            part(
                "Preferences",
                "the page *Notifications*",
                &[
                    ("Unsubscribe from the newsletter", "No newsletter comes, and order letters still do"),
                    ("Choose another language", "The next letter is in that language"),
                ],
            ),
        ],
    },
    Area {
        name: "Platform",
        parts: &[
            part(
                "Public API",
                "the API client",
                &[
                    ("List orders page by page", "No order is missing or doubled while others are made"),
                    ("Send the same request twice", "The second answer is that of the first"),
                    ("Call with a key that was revoked", "The answer is 401 with a code"),
                ],
            ),
            part(
                "Webhooks",
                "the page *Webhooks*",
                &[
                    ("Receive an event", "The signature is right, and the event comes once"),
                    ("Answer 500 to an event", "The event comes again after a growing time"),
                ],
            ),
            part(
                "Monitoring",
                "the status page",
                &[
                    ("Stop the payment provider", "The shop says that payment is not possible now; the cart is kept"),
                    ("Fill the queue", "Orders are accepted, and letters come late"),
                ],
            ),
        ],
    },
];

/// Folders of the third level.
pub const ASPECTS: &[&str] =
    &["Main flow", "Wrong input", "Permissions", "Interruptions", "Accessibility", "Languages", "Limits", "Regression"];

/// Folders of the fourth level.
pub const PLACES: &[&str] =
    &["Web", "iOS", "Android", "Tablet", "Germany", "France", "Japan", "United States", "Wholesale"];

/// Circumstances. The first is none.
pub const TWISTS: &[Twist] = &[
    twist("", "", ""),
    twist("as a guest", "Open a private window.", "Nobody is signed in."),
    twist("on a phone", "Use a phone in portrait.", "Nothing is cut off, and the page does not scroll sideways."),
    twist("on a slow connection", "Throttle the network to slow 3G.", "A sign of progress shows within a second."),
    twist("with the keyboard alone", "Put the mouse away.", "The focus is visible at every step."),
    twist("with a screen reader", "Turn the screen reader on.", "Every control has a name."),
    twist("in a second tab", "Open the same page in a second tab.", "Both tabs show the same."),
    twist(
        "after the session has ended",
        "Let the session run out.",
        "The next click leads to the sign-in page and back.",
    ),
    twist("after going back", "Go on and press *Back*.", "The page is as it was left."),
    twist("in German", "Choose German.", "No text is cut off and none is left in English."),
    twist("from right to left", "Choose Arabic.", "The layout is mirrored."),
    twist("in another currency", "Choose Swiss francs.", "Prices have two decimals and the right sign."),
    twist("with a name of 200 characters", "Take a name of 200 characters.", "The name is kept whole and wraps."),
    twist("with emoji in every field", "Put 🧾 and 👩‍🔧 into every field.", "They are kept and shown."),
    twist("with 200 lines", "Prepare 200 lines.", "The page opens within two seconds."),
    twist("while somebody else does the same", "Have a colleague do the same at once.", "Neither loses anything."),
    twist(
        "when the network is lost halfway",
        "Cut the network before the last step.",
        "The page says so and tries again.",
    ),
    twist("in dark mode", "Choose the dark theme.", "Contrast is at least 4.5 to 1."),
    twist("at 400 % zoom", "Zoom to 400 %.", "Everything is reachable in one column."),
    twist(
        "on the day of the time change",
        "Set the clock to the last Sunday of March.",
        "Times are right to the minute.",
    ),
];

/// Who does it.
pub const ROLES: &[&str] = &["a returning customer", "a new customer", "a guest", "a shop manager", "a support agent"];

/// What is looked at afterwards.
pub const CHECKS: &[(&str, &str)] = &[
    ("Reload the page.", "It shows the same as before."),
    ("Look at the log of the order.", "One entry names who did it and when."),
    ("Look at the browser's console.", "There is no error and no warning of the content policy."),
    ("Look into the mailbox.", "One letter came, in the language of the account."),
    ("Repeat on the staging server.", "Nothing differs."),
    ("Measure with the performance panel.", "The largest paint comes within **2.5 s**."),
];

/// How long cases take by hand, in minutes.
pub const MINUTES: &[i64] = &[2, 3, 5, 5, 8, 10, 15, 20, 30, 45];
