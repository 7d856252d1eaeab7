"""What customers write in English. One comment a line: stars it fits, touchpoints, driver, then the words.

Slots are explained in `texts`.
"""

from __future__ import annotations

ENGLISH = """
5 any friendliness | {name} was so warm and patient with me. Asante sana.
5 any friendliness | Lovely service from {name}. Keep {obj} please!
45 any friendliness | {name} greeted me well and stayed polite the whole time.
45 any friendliness | Polite, calm and helpful. That is {name}.
5 any friendliness | I came in tired and left smiling, thanks to {name}.
45 any friendliness | {She} spoke to me with respect. Not everybody does.
5 any friendliness | Best service I have had this year, hands down.
45 any friendliness | Good people. {name} is a credit to Zawadora.
5 any felt_as_an_individual | {name} remembered me from last time. I was touched.
5 any felt_as_an_individual | {She} really listened before answering. Rare these days.
45 any felt_as_an_individual | I did not feel like a number here.
5 any felt_as_an_individual | {name} treated my grandmother like {her} own. God bless.
45 any felt_as_an_individual | {name} asked what I needed instead of guessing.
45 any effort | {name} made it easy from start to finish.
5 any effort | {She} went out of {her} way to sort me out. Much appreciated.
45 any effort | Everything done in one go, no going up and down.
5 any effort | {name} did not rest until my issue was sorted.
45 any effort | Sorted without any stress. Thank you {name}.
45 any speed | Quick and professional.
45 any speed | Took about {few} minutes in all. Very good.
5 any speed | Fast fast! {name} does not waste your time.
45 any knowledge | {name} knows {her} work.
45 any knowledge | Clear explanations, no jargon. Good job.
5 any knowledge | {name} knew every detail I asked about. Impressive.
45 any promise_kept | They said it and they did it. Thank you.
5 any promise_kept | {name} kept {her} word to the minute.
45 any promise_kept | What I was promised is exactly what I got.
45 any staff_there_when_needed | Somebody was there the moment I needed help.
5 any staff_there_when_needed | {name} saw I was stuck and came to me before I even asked.
45 any friendliness | Nice.
45 any friendliness | Good service, keep it up.
5 any friendliness | Excellent service!
45 any effort | All good, no complaints from my side.
5 any effort | Perfect. Nothing to add.

5 tills speed | Full shop, and still in and out in {few} minutes. Impressive.
45 tills speed | Queue was long but {name} moved it very fast.
45 tills speed | {name} at {place} is the fastest, I always look for {obj}.
45 tills speed | Scanned everything quickly, packed neatly, done.
5 tills speed | I had a matatu waiting and {name} understood. Done in {few} minutes!
45 tills speed | M-Pesa message delayed but {name} checked it quickly and let me go.
5 tills speed | Twelve items and I was out in {few} minutes. Wow.
45 tills friendliness | {name} had a smile even at closing time.
5 tills friendliness | {name} at {place} jokes with everybody, the queue feels short.
45 tills friendliness | Friendly cashier, wished me a good evening by name.
5 tills friendliness | My baby was crying and {name} was so kind about it.
45 tills friendliness | Small talk, big smile, correct change. What more?
5 tills felt_as_an_individual | {name} noticed my mum was tired and got her a chair. Small thing, big heart.
5 tills felt_as_an_individual | {name} let the pregnant lady ahead of us pass first. Very thoughtful.
5 tills felt_as_an_individual | I use crutches and {name} carried the {product} to the taxi for me.
45 tills felt_as_an_individual | {She} saw my hands were full and came round to help me pack.
5 tills felt_as_an_individual | I am hard of hearing and {name} wrote the total down for me. Bless {obj}.
45 tills price_clear | {name} noticed the shelf price was different and charged me the lower one.
45 tills price_clear | Told me about the offer on the {product} before I paid.
5 tills price_clear | {name} caught that I was charged twice and reversed it right there.
45 tills price_clear | Receipt explained line by line. I like that.
45 tills price_clear | No surprises at the till, the price was the price.
45 tills returns_clear | {She} explained the guarantee card for the {product} without being asked.
45 tills returns_clear | {name} told me to keep the box for 14 days. Useful to know.
5 tills returns_clear | {name} stamped the warranty and showed me the date it ends. Very clear.
45 tills returns_clear | Explained the mobile-money refund so I knew what to expect.
45 tills no_pressure | Did not push the extra warranty on me. Respect.
45 tills no_pressure | Asked once about the loyalty card, took no for an answer. Nice.
45 tills effort | The card machine failed but {name} found another one quickly.
5 tills effort | {name} split the bill three ways for our chama without a sigh.
45 tills effort | {name} packed the glasses one by one in paper.
5 tills effort | Forgot my PIN twice and {name} just waited patiently.
45 tills effort | Helped me with the Lipa na M-Pesa steps, I always get lost.
45 tills knowledge | {name} knew which cable fits the {product} and sent someone to bring it.
45 tills knowledge | Even at the till they know the products. Good training.
45 tills staff_there_when_needed | They opened another till the moment the line grew.
5 tills staff_there_when_needed | {name} opened {place} just for the three of us waiting. Thank you!
45 tills promise_kept | They promised to hold the {product} for me and it was there under my name.
45 tills promise_kept | Got the discount promised in the text message, no argument.

5 advice knowledge | {name} explained the difference between two {product} models like a teacher.
5 advice knowledge | Finally somebody who knows what wattage my inverter can carry.
45 advice knowledge | {name} knew the {product} inside out.
45 advice knowledge | Told me honestly which {product} spare parts are hard to find.
45 advice knowledge | {name} compared the power use of each {product} for me. Tokens matter!
5 advice knowledge | Asked the size of my kitchen before recommending anything. Smart.
45 advice options_explained | Showed me three options in my budget, not just the expensive one.
5 advice options_explained | {name} drew a small table with price, size and guarantee. So clear.
45 advice options_explained | {name} explained the instalment plan with real numbers.
45 advice options_explained | I came for one {product} and learned there is a better one at the same price.
45 advice options_explained | {She} told me what I would lose with the cheaper model too. Fair.
5 advice options_explained | {name} let me test the {product} next to two others. Now I am sure.
45 advice no_pressure | No pressure at all. I looked around for an hour and was left in peace.
45 advice no_pressure | {name} told me to sleep on it. Who does that? I came back and bought.
5 advice no_pressure | {She} advised me NOT to buy the bigger {product}. Saved me {amount}.
45 advice no_pressure | Only looking, and they were fine with that.
45 advice price_clear | Price on the shelf, price with delivery, price with fitting. All clear.
45 advice price_clear | {name} told me the offer starts on Friday, so I wait. Honest.
45 advice friendliness | {name} is patient even when you ask the same thing twice.
5 advice friendliness | Four aunties with four opinions and {name} kept {her} cool. Champion.
45 advice friendliness | Good welcome at the door and a good goodbye.
45 advice speed | Got the answer I needed in {few} minutes and left.
5 advice staff_there_when_needed | {name} walked me to the right shelf and waited. Very patient.
45 advice staff_there_when_needed | I stood by the {product} shelf for one minute and {name} was there.
45 advice staff_there_when_needed | Enough people on the floor today. Good.
5 advice felt_as_an_individual | {She} asked who will use it. It is for my grandfather and that changed everything.
45 advice felt_as_an_individual | {name} greeted my mother in our own language. She is still talking about it.
45 advice felt_as_an_individual | Helped us choose for a bedsitter, not for a mansion.
45 advice effort | {name} called the other branch to find my colour.
5 advice effort | {She} climbed up to get the last {product} from the top shelf.
45 advice effort | Checked the stock of another branch and had one kept for me.
45 advice promise_kept | They said the {product} would be in on Thursday and it was.
45 advice promise_kept | {name} promised to call when it came in and {she} did.

5 returns effort | Returned the {product} without drama. {name} had it done in {few} minutes.
45 returns effort | One form, one signature, finished.
5 returns effort | I had lost the receipt and {name} found it from my number.
45 returns effort | {name} helped me repack everything properly.
45 returns returns_clear | {name} explained what the guarantee covers and what it does not.
45 returns returns_clear | Now I know the 14-day rule. Well explained.
5 returns returns_clear | {name} wrote down each step of the repair and the dates. Very clear.
45 returns returns_clear | Refund to M-Pesa explained well, it came the same day.
45 returns promise_kept | They said 5 days for the repair, I had my {product} in 4.
5 returns promise_kept | Refund came before I reached home. Wow.
45 returns promise_kept | {name} promised a call and called. Simple.
45 returns answers_right | The answer {name} gave was right: the fuse, not the {product}.
5 returns answers_right | {name} tested it in front of me and found the problem. No guessing.
45 returns friendliness | I came angry, {name} stayed kind, I left calm.
5 returns friendliness | No suspicion, no questions as if I am a thief. Thank you {name}.
45 returns friendliness | {name} apologised for the faulty {product} even though it was not {her} fault.
45 returns speed | Exchange took {few} minutes. I had planned a whole morning!
45 returns speed | Quick at the returns desk for once.
45 returns knowledge | {name} knew the guarantee terms by heart.
5 returns felt_as_an_individual | {name} gave me a chair while {she} sorted the refund. Small thing, big heart.
45 returns felt_as_an_individual | {She} saw I was with two kids and took me first.
45 returns staff_there_when_needed | Somebody was at the returns desk all the time, no bell, no waiting.

5 delivery promise_kept | They gave me two hours and came in the first ten minutes. Unbelievable in {area}.
45 delivery promise_kept | Came on the day promised, in the rain.
45 delivery promise_kept | {name} called when leaving the depot and again at the gate.
5 delivery promise_kept | Promised before my daughter’s birthday and it came the evening before.
5 delivery effort | {name} carried the {product} up to the fourth floor, no lift. Respect!
45 delivery effort | Took the old {product} away and swept after fitting.
5 delivery effort | The road was flooded and {name} walked the last part with my {product}.
45 delivery effort | Moved my sofa to fit the {product} and moved it back.
45 delivery effort | {name} took the packaging away with {obj}. Clean job.
45 delivery friendliness | {name} was polite to my mother who was home alone.
5 delivery friendliness | Great attitude. {name} even took shoes off at the door.
45 delivery friendliness | Smart uniform, good manners.
5 delivery knowledge | {name} fitted the {product} and showed me how each button works.
45 delivery knowledge | Checked the socket first and told me it needs an earth wire. Safety first.
45 delivery knowledge | {name} knew how to level it on our uneven floor.
45 delivery speed | Delivered to {area} the same day. Fast!
45 delivery speed | Fitting took {few} minutes and all works.
5 delivery speed | Ordered yesterday, using it today.
45 delivery felt_as_an_individual | {name} waited {few} minutes for me to come back from the clinic.
5 delivery felt_as_an_individual | {She} noticed my father cannot bend and placed it at his height.
45 delivery staff_there_when_needed | I called about directions and {name} picked at once.
45 delivery answers_right | All my questions about the guarantee were answered at the door.
45 delivery returns_clear | {name} checked for scratches with me before I signed. That is how it should be.
45 delivery effort | Found my gate in {area} even though the pin was wrong.

45 phone answers_right | {name} told me which button to reset and it worked.
5 phone answers_right | Solved in one call after two shops failed. {name} is good.
45 phone answers_right | The right answer the first time. I did not need to call back.
45 phone answers_right | {name} found the fault code in the manual and it was exactly that.
5 phone effort | {name} stayed on the line until my {product} was working again.
45 phone effort | {name} booked the technician for me, no need to call another number.
45 phone speed | They picked on the second ring.
45 phone speed | {few} minutes on the phone and done. My airtime thanks you.
5 phone speed | I was ready for music on hold and got {name} straight away!
45 phone friendliness | Calm voice, even though I was shouting a bit. Sorry {name}.
5 phone friendliness | You can hear {name} smile through the phone.
45 phone friendliness | Polite and clear, good line.
45 phone knowledge | {name} knew my {product} model without looking it up.
5 phone felt_as_an_individual | {name} slowed down and spoke Kiswahili with my father. He understood all.
45 phone felt_as_an_individual | Did not make me repeat my story. {She} had read the notes.
45 phone promise_kept | {name} promised to call back within the hour and did.
45 phone promise_kept | Part arrived in the week they said.
45 phone returns_clear | Explained on the phone what papers to carry for the return.
45 phone staff_there_when_needed | Line was busy, but somebody called me back within minutes.

45 chat answers_right | Clear answer with a picture of where the filter is. Perfect.
5 chat answers_right | {name} sent the exact page of the manual. Fixed in {few} minutes.
45 chat answers_right | {name} understood my broken description and still found the problem.
45 chat answers_right | Correct and short. I like.
45 chat speed | Reply in under {few} minutes. I had made tea to wait.
5 chat speed | Faster than my own brother on WhatsApp.
45 chat speed | Chatted from the office, solved before the meeting.
45 chat effort | {name} changed my delivery address without sending me to another department.
5 chat effort | {name} filled the claim for me while we were chatting.
45 chat friendliness | {name} writes like a human being, not a robot.
5 chat friendliness | Kind, funny and to the point. {name} made my day.
45 chat knowledge | Knew the difference between the two {product} versions. Saved me a trip.
45 chat knowledge | {name} helped me connect the {product} to Wi-Fi step by step.
45 chat felt_as_an_individual | {name} noticed I am on night shift and booked an evening slot.
45 chat promise_kept | Promised an email with the invoice and it came at once.
45 chat effort | Gave me two ways to solve it and let me choose.
45 chat returns_clear | Sent me the return steps in a list, very clear.
45 chat staff_there_when_needed | The chat was there when the phone line was busy. Good idea.

5 complaints effort | {name} took my case personally and closed it in two days.
45 complaints effort | I did not have to explain everything again. {name} had the file.
45 complaints promise_kept | {name} said the refund comes on Tuesday, it came on Tuesday.
5 complaints promise_kept | I had given up. {name} called as promised and sorted it.
45 complaints friendliness | {name} let me finish talking. That alone calmed me down.
5 complaints friendliness | A real apology, not a copy and paste. Thank you {name}.
45 complaints felt_as_an_individual | {She} understood why it mattered to me.
5 complaints felt_as_an_individual | {name} called to ask if all is well one week later. You won me back.
45 complaints answers_right | Finally an honest answer about what went wrong.
45 complaints answers_right | {name} admitted the mistake and explained it.
45 complaints speed | Solved the same day. I expected weeks.
45 complaints returns_clear | {name} showed me the exact rule, and then found a way to help anyway.
45 complaints knowledge | {name} knew who to call in the store. It moved at once.
45 complaints staff_there_when_needed | One person, one number, always reachable. That is what I needed.

4 any effort | Good overall, one small hiccup but sorted.
4 any speed | Good service, could be a bit quicker.
4 any friendliness | Fine, thanks. Nothing special but nothing wrong.
4 tills speed | Cashier was great, the queue less so.
4 tills price_clear | Good, but put the price tags back on the {product} shelf.
4 tills staff_there_when_needed | Good service at {place}. More tills at lunch would make it perfect.
4 tills friendliness | Nice cashier. The music is too loud though.
4 advice knowledge | {name} knew most of it and asked a colleague for the rest. Good.
4 advice options_explained | Good advice. I still want to compare prices elsewhere.
4 advice staff_there_when_needed | Had to look for somebody, but {name} was then very helpful.
4 returns effort | Went well, only the form is long.
4 returns speed | Good, a little waiting for the stamp.
4 delivery promise_kept | Half an hour later than said, but {name} called ahead.
4 delivery effort | Well fitted. They left some plastic behind.
4 phone speed | Helpful, after a few minutes of music.
4 phone answers_right | Problem solved. The first tip did not work but the second did.
4 chat speed | Good answers, slow typing!
4 chat answers_right | Useful. A video would have helped more.
4 complaints effort | Sorted in the end. Should not have been necessary, but fair.
4 complaints promise_kept | One day later than promised, but {name} told me in advance.

3 any effort | It was okay.
3 any effort | Average. Nothing bad, nothing great.
3 any speed | A bit slow today.
3 any friendliness | {name} seemed tired. Service was okay.
3 any knowledge | Got half of the answer, will ask again.
3 any promise_kept | Not quite what I was told, but I can live with it.
3 any felt_as_an_individual | Correct but cold.
3 any staff_there_when_needed | Okay in the end, but I had to look for help.
3 tills speed | The wait was long, the cashier was fine.
3 tills speed | {minutes} minutes in the queue for one {product}. Otherwise fine.
3 tills staff_there_when_needed | Only two tills open. {name} did {her} best.
3 tills staff_there_when_needed | {place} closed just when it was my turn. {name} took me in the end.
3 tills price_clear | Price at {place} was not the one on the shelf. They corrected it after I insisted.
3 tills returns_clear | Nobody mentioned the guarantee until I asked.
3 tills no_pressure | Asked three times if I want the insurance. Once is enough.
3 tills effort | M-Pesa was down and nobody had told us in the line.
3 advice knowledge | {name} read me the box. I can also read the box.
3 advice options_explained | Showed me only one brand of {product}.
3 advice no_pressure | A bit too eager to sell the big one.
3 advice staff_there_when_needed | Waited {minutes} minutes for somebody with the key to the cabinet.
3 advice price_clear | The offer ended yesterday but the poster is still up.
3 returns speed | Refund okay, but {minutes} minutes for a signature.
3 returns effort | Sent from the till to the desk and back. Solved in the end.
3 returns returns_clear | Still not sure what the guarantee covers.
3 delivery promise_kept | Came, but three hours later than said.
3 delivery effort | Left the {product} at the gate, we carried it in ourselves.
3 delivery knowledge | Fitted, but could not show me how the timer works.
3 phone speed | {minutes} minutes on hold, then okay help.
3 phone answers_right | Answer was fine but I had read the same on the website.
3 phone effort | Passed between two people before somebody helped.
3 chat speed | Long pauses between answers.
3 chat answers_right | Half an answer, the rest by email tomorrow they say.
3 chat felt_as_an_individual | Felt like copy and paste at first, better later.
3 complaints speed | Solved, but after three weeks.
3 complaints promise_kept | Called back, only not on the day they said.
3 complaints answers_right | An answer, but not the one I hoped for.

12 any friendliness | I felt like I was disturbing {obj}.
12 any friendliness | Not friendly at all today.
1 any friendliness | Rude. I will not come back.
12 any felt_as_an_individual | Nobody listened to what I was actually asking.
12 any felt_as_an_individual | I was treated like a ticket number.
12 any effort | I had to explain the same thing three times.
1 any effort | Sent from one person to another all day. Very bad.
12 any knowledge | {name} did not know the answer and did not ask anybody.
12 any promise_kept | You promise one thing and do another.
1 any promise_kept | Third broken promise this month. I am done.
12 any staff_there_when_needed | Nobody around when you need help.
12 any speed | Far too slow. I have a job too.
1 any effort | Very disappointed with Zawadora.
12 any effort | Please improve.

12 tills speed | Waited {minutes} minutes. {name} was kind but there were only two tills open.
12 tills speed | {minutes} minutes in the queue to buy a {product}. Not again.
12 tills speed | The queue at {place} did not move. I counted {minutes} minutes.
12 tills speed | My whole break gone in your queue.
1 tills speed | {minutes} minutes! I left my basket and walked out.
12 tills speed | Slow scanning, slow change, slow everything.
12 tills speed | Queue up to the fridges and nobody seemed to mind.
12 tills speed | I paid in two minutes but waited {minutes} for it.
12 tills speed | Express till is not express when it takes {minutes} minutes.
12 tills speed | So long a wait for one {product} that I nearly bought it elsewhere.
12 tills speed | Line was long and {name} took a phone call in the middle of it.
12 tills speed | I timed it: {minutes} minutes from joining the line to paying.
12 tills speed | Price check took for ever while ten of us stood there.
12 tills speed | Stood so long that my ice melted. Add people on weekends.
12 tills staff_there_when_needed | Nobody told us the other till was closing. I started again at the back.
12 tills staff_there_when_needed | Six tills, two cashiers. Why?
12 tills staff_there_when_needed | {name} was alone with a queue of fifteen. Not fair on {obj} or on us.
12 tills staff_there_when_needed | Nobody at {place} for {minutes} minutes while three staff were chatting.
12 tills staff_there_when_needed | The till near the door says “closed, sorry” every time I come.
1 tills staff_there_when_needed | {place} closed in my face after {minutes} minutes of waiting.
12 tills staff_there_when_needed | At rush hour please open more tills. We suffer every Friday.
12 tills staff_there_when_needed | No supervisor to approve a reversal. We all waited {minutes} minutes.
12 tills friendliness | No greeting, no eye contact, just “next”.
1 tills friendliness | {name} threw my change on the counter.
12 tills friendliness | Sighed at me because I paid in coins. It is still money.
12 tills price_clear | Shelf says one price, till says {amount} more.
1 tills price_clear | Charged twice for one {product}, and I had to prove it.
12 tills price_clear | The discount on the poster was not on my receipt.
12 tills price_clear | A carrier bag was added to my bill without asking.
12 tills returns_clear | Nobody said the {product} on offer cannot be returned.
12 tills returns_clear | No guarantee card in the box and nobody could explain why.
12 tills no_pressure | Pushed to take a loyalty card, then airtime, then insurance. Stop.
12 tills effort | Card machine not working again, cash machine is 500 metres away.
12 tills effort | My {product} was packed under the heavy pots. Now it has a dent.
12 tills knowledge | {name} did not know how to enter the gift voucher. We all waited.
12 tills felt_as_an_individual | Old people stand in the same long line. No chair, nothing.
12 tills felt_as_an_individual | {She} talked to a colleague while serving me, as if I was not there.
12 tills promise_kept | Text message promised 10 % off. At the till: “system does not have it”.

12 advice knowledge | Asked about the {product} guarantee, got a guess.
12 advice knowledge | {name} told me it works with solar. It does not.
1 advice knowledge | Wrong advice, wrong size, {amount} wasted.
12 advice knowledge | Two people, two different answers about the same {product}.
12 advice options_explained | Only the expensive {product} was shown to me.
12 advice options_explained | Nobody mentioned there is a cheaper model until I saw it at the exit.
12 advice options_explained | Instalments were explained so badly that I left.
12 advice no_pressure | Followed around the shop like a thief or a wallet.
12 advice no_pressure | “Last one, buy now.” There were ten behind it.
1 advice no_pressure | Pushed me into a plan I cannot pay. Shame on you.
12 advice price_clear | Three price tags on one {product}. Which one is it?
12 advice price_clear | Nobody told me fitting costs {amount} extra.
12 advice staff_there_when_needed | Walked round the {product} shelves for {minutes} minutes, saw nobody.
12 advice staff_there_when_needed | Staff on their phones, customers on their own.
12 advice staff_there_when_needed | The key to the display was with somebody on lunch. I gave up.
12 advice friendliness | {name} laughed when I said my budget.
12 advice friendliness | Felt judged for my clothes the moment I came in.
12 advice felt_as_an_individual | Did not ask what I need. Just talked.
12 advice felt_as_an_individual | {She} kept talking to my husband, and I am the one buying.
12 advice promise_kept | Called to say the {product} is in stock. I came, it was not.
12 advice effort | Had to find the box myself and drag it to the till.
12 advice speed | {minutes} minutes to check if there is one in the store room.

12 returns speed | {minutes} minutes at the returns desk with one person in front of me.
12 returns speed | Repair takes six weeks? I could build a new {product}.
1 returns speed | Two hours of my life for a faulty {product}.
12 returns effort | Come tomorrow, come Monday, come with the box. I have come four times.
12 returns effort | I need the receipt, the box, the ID and a prayer.
12 returns effort | Was sent home for a paper you have in your own system.
12 returns returns_clear | At the till it was 14 days, here it is 7. Which is it?
12 returns returns_clear | Guarantee does not cover the only thing that breaks. Nobody told me.
1 returns returns_clear | Refused the guarantee because of a scratch on the plastic.
12 returns returns_clear | The small print decides, and nobody explains the small print.
12 returns promise_kept | Refund promised in 24 hours. It is day six.
1 returns promise_kept | My {product} is “in repair” since two months. No call, nothing.
12 returns answers_right | They said it is the socket. It is not the socket.
12 returns friendliness | {name} looked at me as if I broke it myself.
12 returns friendliness | Accused of dropping it. I have had it for two days!
12 returns knowledge | {name} had to ask three people what the rule is.
12 returns felt_as_an_individual | Explained my problem, got a form.
12 returns staff_there_when_needed | Nobody at the returns desk for {minutes} minutes. There is a bell, nobody hears it.

12 delivery promise_kept | Took a day off for the delivery and nobody came.
1 delivery promise_kept | Third date moved. I am washing by hand since a week.
12 delivery promise_kept | The two-hour window became two days.
12 delivery promise_kept | “On the way” since yesterday. {area} is not that far.
12 delivery speed | Ten days from Nairobi to {area}. I could have walked.
12 delivery speed | {minutes} minutes of fitting, and it still leaks.
12 delivery effort | Dropped at the gate. I am 62 and live on the third floor.
12 delivery effort | Old {product} left in my corridor although I paid for removal.
12 delivery effort | Mud all over the sitting room.
1 delivery effort | The new {product} came with a dent and {name} said sign first.
12 delivery knowledge | Fitted it upside down, I had to call a fundi.
12 delivery knowledge | {name} could not say if our voltage is enough.
12 delivery friendliness | {name} shouted at our watchman. Not needed.
12 delivery friendliness | Asked for “something small” for carrying it in. I paid for delivery already.
12 delivery staff_there_when_needed | Called the driver nine times. Nobody picks.
12 delivery staff_there_when_needed | No way to reach anybody once the truck has left.
12 delivery answers_right | Each time a different story about where my {product} is.
12 delivery felt_as_an_individual | I explained that the baby sleeps. They hooted until he woke up.
12 delivery returns_clear | Was not allowed to check the box before signing.

12 phone speed | {minutes} minutes of music. My airtime finished before you picked.
12 phone speed | On hold for {minutes} minutes, then the line cut.
1 phone speed | Called four times today, nobody picked.
12 phone answers_right | “Switch it off and on.” I had done that, I said so.
12 phone answers_right | Wrong number for the technician, twice.
12 phone answers_right | {name} read from a script that was for another {product}.
1 phone answers_right | Your advice burnt my fuse. Literally.
12 phone effort | Transferred three times and explained everything three times.
12 phone effort | Why must I go to the store for something you can see on the screen?
12 phone promise_kept | Promised a call back yesterday. Still waiting.
1 phone promise_kept | Technician never came, never called. Second time.
12 phone friendliness | {name} cut me off in the middle of a sentence.
12 phone friendliness | Sounded bored. I also had better things to do.
12 phone knowledge | {name} had never heard of the {product} you sold me.
12 phone felt_as_an_individual | My father asked for Kiswahili and was told to hold. Then nothing.
12 phone staff_there_when_needed | The line is open all day, they say. Tell that to my phone.
12 phone returns_clear | Three calls and I still do not know if the guarantee covers it.

12 chat speed | {minutes} minutes between two messages. I thought you had gone home.
12 chat speed | Chat closed itself while I was typing.
12 chat answers_right | Copied an answer to a question I did not ask.
12 chat answers_right | The link you sent leads to an empty page.
1 chat answers_right | Totally wrong answer, now my {product} is locked.
12 chat effort | First the robot, then a form, then {name}, then “please call us”.
12 chat effort | Had to send the same photo four times.
12 chat knowledge | {name} asked ME what the error code means.
12 chat friendliness | One-word answers. Fine. Ok. No.
12 chat felt_as_an_individual | Called me by the wrong name to the end.
12 chat promise_kept | “You will get an email in an hour.” That was on Tuesday.
1 chat promise_kept | Ticket closed as solved. Nothing is solved.
12 chat staff_there_when_needed | Chat says online, nobody answers.
12 chat returns_clear | Asked about returning the {product}, got a poem about policies.

12 complaints speed | Three weeks for “we are looking into it”.
12 complaints speed | My complaint is older than my {product}.
1 complaints speed | One month. No answer. I will post this everywhere.
12 complaints promise_kept | Was promised a manager would call. No manager called.
1 complaints promise_kept | Refund approved, they say. My account says no.
12 complaints promise_kept | You closed the case and kept my {amount}.
12 complaints effort | I had to start from zero with every new person.
12 complaints effort | Please read the file before you call me.
12 complaints answers_right | “It is the policy.” That is not an answer.
12 complaints answers_right | A long mail that answers nothing.
1 complaints answers_right | They told me the damage is my fault. Look at the photos!
12 complaints friendliness | {name} was polite but clearly not on my side.
12 complaints friendliness | An apology costs nothing. I got none.
12 complaints felt_as_an_individual | Standard letter number five, it seems.
12 complaints felt_as_an_individual | My mother cried after this call. Think about that.
12 complaints knowledge | {name} did not know the store’s own rule.
12 complaints staff_there_when_needed | The desk is always “in a meeting”.
12 complaints returns_clear | Guarantee, no guarantee, maybe guarantee. Decide!
"""
